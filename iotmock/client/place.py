"""Where the service is, and the token that opens it."""

from ipaddress import ip_address
from urllib.parse import urlsplit

from attrs import field, frozen

from iotmock.settings.reading import read_settings
from iotmock.settings.secret_files import api_token
from iotmock.settings.settings import Settings

DEFAULT_URL = "http://localhost:8090"
_EVERYWHERE = {"0.0.0.0", "::", "*"}  # noqa: S104 - what a service listens at, not we


@frozen
class Place:
    """A service by its URL, which ends without a slash."""

    url: str
    token: str | None = field(default=None, repr=False)

    @property
    def host(self) -> str:
        """The host's name or address."""
        return urlsplit(self.url).hostname or ""

    @property
    def is_here(self) -> bool:
        """Whether it is on this machine."""
        return is_here(self.host)


def is_here(host: str) -> bool:
    """Return whether a name or an address is this machine's for itself alone."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host.lower().rstrip(".") in {"localhost", "ip6-localhost"}


def place_of_service(settings: Settings | None = None) -> Place:
    """Return the place that IOTMOCK_URL names, or where `serve` would listen from here.

    Raises:
        SettingsError: a setting is not in order.
    """
    settings = settings or read_settings()
    return Place(settings.iotmock_url or _usual(settings), api_token(settings))


def _usual(settings: Settings) -> str:
    host = "localhost" if settings.host in _EVERYWHERE else settings.host
    return f"http://{f'[{host}]' if ':' in host else host}:{settings.port or 8090}"
