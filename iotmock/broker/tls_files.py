"""Why certificates and keys can not be used: which file it is, and what to do."""

import ssl
from collections.abc import Iterator, Mapping
from pathlib import Path

from iotmock.files.reasons import reason

_MARK = b"-----BEGIN "
_WHAT = {
    "MQTT_TLS_CA": "certificate of an authority",
    "MQTT_TLS_CERT": "certificate",
    "MQTT_TLS_KEY": "key",
}


def unusable(error: OSError, ca: str | None, cert: str | None, key: str | None) -> str:
    """Return why files of TLS can not be used, by the settings that name them."""
    given = dict(zip(_WHAT, (ca, cert, key), strict=True))
    files = {name: file for name, file in given.items() if file is not None}
    return next(_reasons(error, files), f"{_listed(files)} can not be used: {error}")


def _reasons(error: OSError, files: Mapping[str, str]) -> Iterator[str]:
    for name, file in files.items():
        if error.filename == file:
            yield f"{name}={file} can not be read: {reason(error)}"
    if not isinstance(error, ssl.SSLError):
        return
    if error.reason == "KEY_VALUES_MISMATCH":
        yield f"{_listed(files)} do not belong together: give a certificate and its own key"
    for name, file in files.items():
        if _MARK not in Path(file).read_bytes():
            yield f"{name}={file} is no {_WHAT[name]}: give a PEM file (it has {_MARK.decode()}...)"


def _listed(files: Mapping[str, str]) -> str:
    return " and ".join(f"{name}={file}" for name, file in files.items() if name != "MQTT_TLS_CA")
