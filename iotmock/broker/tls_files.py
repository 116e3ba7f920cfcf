"""Why certificates and keys can not be used: which file it is, and what to do."""

import ssl
from collections.abc import Iterator, Mapping
from pathlib import Path

from iotmock.files.reasons import reason
from iotmock.settings.secret_files import unreadable
from iotmock.wording.quoted import quoted_path

_MARK = b"-----BEGIN "
_CA, _CERT, _KEY = "MQTT_TLS_CA", "MQTT_TLS_CERT", "MQTT_TLS_KEY"
_WHAT = {_CA: "certificate of an authority", _CERT: "certificate", _KEY: "key"}


def unusable(error: OSError, ca: str | None, cert: str | None, key: str | None) -> str:
    """Return why files of TLS can not be used, by the settings that name them."""
    given = dict(zip(_WHAT, (ca, cert, key), strict=True))
    files = {name: file for name, file in given.items() if file is not None}
    return next(_reasons(error, files), f"{_listed(files)} can not be used: {reason(error)}")


def _reasons(error: OSError, files: Mapping[str, str]) -> Iterator[str]:
    for name, file in files.items():
        if error.filename == file:
            yield unreadable(name, file, reason(error))
    if isinstance(error, ssl.SSLError):
        yield from _of_content(error, files)
    elif error.errno is None and _KEY in files:  # ours, where OpenSSL asks for a passphrase
        yield f"{_KEY}={quoted_path(files[_KEY])} can not be used: {error}"


def _of_content(error: ssl.SSLError, files: Mapping[str, str]) -> Iterator[str]:
    if error.reason == "KEY_VALUES_MISMATCH":
        pair = {name: file for name, file in files.items() if name != _CA}
        yield f"{_listed(pair)} do not belong together: give a certificate and its own key"
    for name, file in files.items():
        if _MARK not in Path(file).read_bytes():
            what = f"{name}={quoted_path(file)} is no {_WHAT[name]}"
            yield f"{what}: give a PEM file (it has {_MARK.decode()}...)"


def _listed(files: Mapping[str, str]) -> str:
    return " and ".join(f"{name}={quoted_path(file)}" for name, file in files.items())
