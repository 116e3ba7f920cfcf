"""TLS as it should be: verified, with a client certificate where the broker asks for one."""

import errno
import os
import ssl
from contextlib import suppress
from stat import S_ISREG

from attrs import define, field

from iotmock.mqtt.errors import TlsFailed
from iotmock.mqtt.transport.address import Address
from iotmock.mqtt.transport.layers.tls_reasons import closed, unusable, why

_CHUNK = 65_536
_LARGEST_FILE = 16_000_000


@define(eq=False)
class Tls:
    """How to speak TLS: with whose certificates, and with which ALPN names (RFC 7301).

    The files are read again when they have changed, so that a new certificate needs no restart.
    """

    ca_file: str | None = None
    """Of trusted authorities; None: the system's."""
    cert_file: str | None = None
    key_file: str | None = None
    alpn: tuple[str, ...] = ()
    _context: ssl.SSLContext | None = field(default=None, repr=False)
    _read: tuple[tuple[int, ...], ...] = ()

    @property
    def has_certificate(self) -> bool:
        """Whether there is a client certificate."""
        return self.cert_file is not None

    def context(self) -> ssl.SSLContext:
        """Return a context that verifies the broker's certificate and host name.

        Raises:
            OSError: a file can not be read, or is no certificate or key (`ssl.SSLError`).
        """
        files = (self.ca_file, self.cert_file, self.key_file)
        found = tuple(_version_of(file) for file in files if file is not None)
        if self._context is None or found != self._read:
            self._context, self._read = self._make(), found
        return self._context

    def _make(self) -> ssl.SSLContext:
        context = ssl.create_default_context(ssl.Purpose.SERVER_AUTH, cafile=self.ca_file)
        if self.cert_file is not None:
            context.load_cert_chain(self.cert_file, self.key_file, _no_passphrase)
        if self.alpn:
            context.set_alpn_protocols(self.alpn)
        return context


def _version_of(file: str) -> tuple[int, ...]:
    found = os.stat(file)
    # OpenSSL waits at a pipe until somebody writes to it, and does not say which file it means.
    if not S_ISREG(found.st_mode):
        raise OSError(errno.EINVAL, "it must be a file, no folder and no pipe", file)
    if found.st_size > _LARGEST_FILE:
        raise OSError(errno.EFBIG, os.strerror(errno.EFBIG), file)
    return found.st_mtime_ns, found.st_size, found.st_ino


def _no_passphrase() -> str:
    # Without this, OpenSSL would ask at the terminal and wait for an answer.
    raise OSError("the key is encrypted; give one without a passphrase")


class TlsLayer:
    """See `Layer`."""

    def __init__(self, tls: Tls, address: Address) -> None:
        self._tls, self._place = tls, address.place
        self._received, self._to_send = ssl.MemoryBIO(), ssl.MemoryBIO()
        try:
            self._session = tls.context().wrap_bio(
                self._received, self._to_send, server_hostname=address.host
            )
        except OSError as error:
            raise TlsFailed(unusable(error, tls.ca_file, tls.cert_file, tls.key_file)) from error
        except ValueError as error:
            raise TlsFailed(f"TLS: {address.host!r} is no name of a host: {error}") from error

    @property
    def pending(self) -> bool:
        """See `Layer.pending`."""
        return self._to_send.pending > 0

    def shake_hands(self, data: bytes) -> bool:
        """See `Layer.shake_hands`."""
        self._received.write(data)
        try:
            self._session.do_handshake()
        except ssl.SSLWantReadError:
            return False
        except ssl.SSLError as error:
            raise self._failed(error) from error
        return True

    def closed(self) -> TlsFailed:
        """See `Layer.closed`."""
        return TlsFailed(closed(self._place))

    def encode(self, data: bytes) -> bytes:
        """See `Layer.encode`."""
        if data:
            with suppress(ssl.SSLError):  # the peer has ended it, which `decode` says
                self._session.write(data)
        return self._to_send.read()

    def decode(self, data: bytes) -> bytes:
        """See `Layer.decode`."""
        self._received.write(data)
        parts = []
        try:
            while part := self._session.read(_CHUNK):
                parts.append(part)
        except (ssl.SSLWantReadError, ssl.SSLZeroReturnError):
            pass  # there is no more for now, or the peer closes, which the socket says too
        except ssl.SSLError as error:
            raise self._failed(error) from error
        return b"".join(parts)

    def farewell(self) -> bytes:
        """See `Layer.farewell`: close_notify (RFC 8446, 6.1)."""
        with suppress(ssl.SSLError):  # it would wait for the peer's
            self._session.unwrap()
        return self._to_send.read()

    def _failed(self, error: ssl.SSLError) -> TlsFailed:
        return TlsFailed(why(self._place, error, has_certificate=self._tls.has_certificate))
