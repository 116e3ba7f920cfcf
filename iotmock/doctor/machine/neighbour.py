"""A service that runs already where this one would listen."""

import httpx
import msgspec

from iotmock.mqtt.transport.address import place_of
from iotmock.settings.settings import Settings

_TIMEOUT_S = 2.0
_EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - what it listens at


class Neighbour(msgspec.Struct, frozen=True):
    """What `/health` of an iotmock says."""

    status: str
    devices: int
    version: str
    problems: list[str]


def neighbour_of(settings: Settings) -> Neighbour | None:
    """Return the iotmock that answers at HOST and PORT, if one does."""
    host = _EVERYWHERE.get(settings.host, settings.host)
    url = f"http://{place_of(host, settings.port)}{settings.http_root_path}/health"
    try:
        answer = httpx.get(url, timeout=_TIMEOUT_S, trust_env=False)
        return msgspec.json.decode(answer.content, type=Neighbour)
    except (httpx.HTTPError, httpx.InvalidURL, msgspec.DecodeError, UnicodeDecodeError):
        return None
