"""TLS as it should be: verified, with a client certificate where the broker asks for one."""

import ssl
from contextlib import suppress

_CHUNK = 65_536


def make_tls_context(
    ca_file: str | None = None, cert_file: str | None = None, key_file: str | None = None
) -> ssl.SSLContext:
    """Return a context that verifies the broker's certificate and host name.

    Raises:
        OSError: a file can not be read, or is no certificate or key (`ssl.SSLError`).
    """
    context = ssl.create_default_context(ssl.Purpose.SERVER_AUTH, cafile=ca_file)
    if cert_file is not None:
        context.load_cert_chain(cert_file, key_file)
    return context


class TlsLayer:
    """TLS between bytes and bytes, for a socket that somebody else reads and writes."""

    def __init__(self, context: ssl.SSLContext, host: str) -> None:
        self._received, self._to_send = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._session = context.wrap_bio(self._received, self._to_send, server_hostname=host)

    def shake_hands(self) -> bool:
        """Go on with the handshake; return whether it is done. There may be bytes to send.

        Raises:
            ssl.SSLError: the peer is not who it should be, or does not want us.
        """
        with suppress(ssl.SSLWantReadError):
            self._session.do_handshake()
            return True
        return False

    def feed(self, data: bytes) -> None:
        """Take bytes of the peer, during the handshake."""
        self._received.write(data)

    def to_send(self) -> bytes:
        """Return what the layer itself has to say."""
        return self._to_send.read()

    def encrypt(self, data: bytes) -> bytes:
        """Return what must be sent for `data`, and of the layer's own."""
        if data:
            self._session.write(data)
        return self._to_send.read()

    def decrypt(self, data: bytes) -> bytes:
        """Return what the peer said in `data`.

        Raises:
            ssl.SSLError: it is not what the peer can have sent.
        """
        self._received.write(data)
        parts = []
        with suppress(ssl.SSLWantReadError, ssl.SSLZeroReturnError):
            while part := self._session.read(_CHUNK):
                parts.append(part)
        return b"".join(parts)
