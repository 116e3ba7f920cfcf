"""TLS as it should be: verified, with a client certificate where the broker asks for one."""

import errno
import os
import ssl
from contextlib import suppress
from stat import S_ISREG

_CHUNK = 65_536
_LARGEST_FILE = 16_000_000


def make_tls_context(
    ca_file: str | None = None, cert_file: str | None = None, key_file: str | None = None
) -> ssl.SSLContext:
    """Return a context that verifies the broker's certificate and host name.

    Raises:
        OSError: a file can not be read, or is no certificate or key (`ssl.SSLError`).
    """
    for file in filter(None, (ca_file, cert_file, key_file)):
        _check(file)
    context = ssl.create_default_context(ssl.Purpose.SERVER_AUTH, cafile=ca_file)
    if cert_file is not None:
        context.load_cert_chain(cert_file, key_file, password=_no_passphrase)
    return context


def _check(file: str) -> None:
    # OpenSSL waits at a pipe until somebody writes to it, and does not say which file it means.
    found = os.stat(file)
    if not S_ISREG(found.st_mode):
        raise OSError(errno.EINVAL, "It is no regular file", file)
    if found.st_size > _LARGEST_FILE:
        raise OSError(errno.EFBIG, os.strerror(errno.EFBIG), file)


def _no_passphrase() -> str:
    # OpenSSL would ask for one at the terminal.
    raise OSError(errno.EACCES, "The key is encrypted; store it without a passphrase")


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
