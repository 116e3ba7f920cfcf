"""What went wrong with TLS, in a sentence that says what to do."""

import ssl

_NO_CERTIFICATE = "wants a client certificate and we have none: set MQTT_TLS_CERT and MQTT_TLS_KEY"
_ALERTS = {
    "CERTIFICATE_REQUIRED": _NO_CERTIFICATE,
    "UNKNOWN_CA": "does not know the authority of our client certificate: give it one of its own",
    "CERTIFICATE_EXPIRED": "says that our client certificate has expired: renew MQTT_TLS_CERT",
    "CERTIFICATE_REVOKED": "says that our client certificate is revoked: renew MQTT_TLS_CERT",
    "BAD_CERTIFICATE": "does not accept our client certificate: is MQTT_TLS_CERT meant for it?",
    "UNSUPPORTED_CERTIFICATE": "does not accept the kind of our client certificate",
    "CERTIFICATE_UNKNOWN": "does not accept our client certificate: is MQTT_TLS_CERT meant for it?",
    "ACCESS_DENIED": "does not let our client certificate in: may it connect there?",
    "DECRYPT_ERROR": "does not believe our client certificate: does MQTT_TLS_KEY belong to it?",
    "UNRECOGNIZED_NAME": "knows no host of the name in MQTT_BROKER_HOST: use the name it goes by",
    "NO_APPLICATION_PROTOCOL": "speaks none of our ALPN protocols: see MQTT_TLS_ALPN",
    "PROTOCOL_VERSION": "and we speak no common version of TLS: it must know TLS 1.2 or 1.3",
    "HANDSHAKE_FAILURE": "and we have no cipher or certificate in common",
    "INSUFFICIENT_SECURITY": "wants stronger ciphers than ours",
}
"""What the peer may say, by the name of its alert (RFC 8446, 6.2)."""
_OURS = {
    "WRONG_VERSION_NUMBER": "answers, but not with TLS: is this its plain port, or MQTT_TLS=off?",
    "RECORD_LAYER_FAILURE": "answers, but not with TLS: is this its plain port, or MQTT_TLS=off?",
    "HTTP_REQUEST": "answers, but not with TLS: is this its plain port, or MQTT_TLS=off?",
    "UNSUPPORTED_PROTOCOL": "and we speak no common version of TLS: it must know TLS 1.2 or 1.3",
    "DH_KEY_TOO_SMALL": "has too weak a key for TLS of today",
    "EE_KEY_TOO_SMALL": "has too weak a key for TLS of today",
}
"""What we may find ourselves, by OpenSSL's names."""
_EXPIRED, _NOT_YET, _HOST_MISMATCH, _ADDRESS_MISMATCH = 10, 9, 62, 64
_UNTRUSTED = {2, 18, 19, 20, 21, 24, 27}
"""X509_V_ERR_… (openssl/x509_vfy.h)."""


def why(place: str, error: ssl.SSLError, *, has_certificate: bool) -> str:
    """Return why TLS with `place` came to nothing."""
    return f"TLS: {place} {_reason(error, has_certificate)}"


def closed(place: str) -> str:
    """Return what a peer is told to have done that closes during the handshake of TLS."""
    return f"TLS: {place} closed the connection during the handshake: is this its plain port?"


def unusable(error: OSError, *files: str | None) -> str:
    """Return that files of certificates can not be used."""
    names = ", ".join(file for file in files if file is not None)
    if error.filename is not None:
        names = error.filename
    reason = getattr(error, "reason", None) or error.strerror or error
    return f"TLS: the certificates or the key ({names}) can not be used: {reason}"


def _reason(error: ssl.SSLError, has_certificate: bool) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return _not_verified(error)
    text = f"{error.reason or ''} {error}".upper().replace(" ", "_")
    if "ALERT_HANDSHAKE_FAILURE" in text and not has_certificate:
        # What TLS 1.2 says for a missing certificate, among others.
        return f"{_ALERTS['HANDSHAKE_FAILURE']}; it may want one of us (MQTT_TLS_CERT)"
    known = _ALERTS if "ALERT" in text or "UNRECOGNIZED_NAME" in text else _OURS
    for name, sentence in known.items():
        if name in text:
            return sentence
    return f"and we agree on nothing: {error.reason or error}"


def _not_verified(error: ssl.SSLCertVerificationError) -> str:
    code = error.verify_code
    if code in {_HOST_MISMATCH, _ADDRESS_MISMATCH}:
        return (
            f"has a certificate for another name: {error.verify_message} "
            "Set MQTT_BROKER_HOST to a name in it"
        )
    if code == _EXPIRED:
        return "has a certificate that has expired (or this machine's clock is wrong)"
    if code == _NOT_YET:
        return "has a certificate that is not valid yet (or this machine's clock is wrong)"
    if code in _UNTRUSTED:
        return (
            f"has a certificate of an authority that we do not trust ({error.verify_message}): "
            "set MQTT_TLS_CA to the authority's file"
        )
    return f"has a certificate that can not be verified: {error.verify_message}"
