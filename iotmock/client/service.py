"""Requests to a service, and its answers as values or as one line about what is wrong."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TypeVar
from urllib.parse import quote

import httpx
import msgspec
from attrs import define

from iotmock.client.answer import Answer
from iotmock.client.answers import ClearedFaults, Device, DeviceList, KnownFields
from iotmock.client.errors import UnreachableError
from iotmock.client.place import Place
from iotmock.client.refusals import refusal_of, stranger, unreachable

T = TypeVar("T")

TIMEOUT_S = 10.0
LONGEST_PAGE = 1_000
"""Devices in one answer; the service gives no more."""


def device_path(device_id: str) -> str:
    """Return where a device is."""
    return f"api/v1/devices/{quote(device_id, safe='')}"


@define(eq=False)
class Service:
    """A service over one connection that is kept.

    Every call raises UnreachableError where nothing answers or what answers is no iotmock, and
    RefusedError where the service says no.
    """

    place: Place
    _http: httpx.Client

    def get(self, path: str, kind: type[T], **query: Any) -> T:
        """Return an answer to GET, read as `kind`; a `query` of None is left out."""
        given = {name: value for name, value in query.items() if value is not None}
        return self._read(self._ask("GET", path, params=given), kind)

    def post(self, path: str, kind: type[T], body: object) -> T:
        """Return an answer to POST, read as `kind`."""
        return self._read(self._ask("POST", path, json=body), kind)

    def delete(self, path: str, **query: str) -> Answer:
        """Return the answer to DELETE."""
        return self._ask("DELETE", path, params=query)

    def clear(self, group: str) -> int:
        """End the faults of a group; return how many there were."""
        return self._read(self.delete("api/v1/faults", group=group), ClearedFaults).cleared

    def device(self, device_id: str) -> Device:
        """Return a device."""
        answer = self._ask("GET", device_path(device_id))
        self._read(answer, KnownFields)
        return self._read(answer, Device)

    def devices(self, limit: int, offset: int, **query: str | None) -> DeviceList:
        """Return at most LONGEST_PAGE of the devices that match."""
        return self.get("api/v1/devices", DeviceList, limit=limit, offset=offset, **query)

    def every_device(self, **query: str | None) -> Iterator[Device]:
        """Yield the devices that match."""
        offset = 0
        while True:
            page = self.devices(LONGEST_PAGE, offset, **query)
            yield from page.devices
            offset += LONGEST_PAGE
            if not page.devices or offset >= page.total:
                return

    def _ask(self, method: str, path: str, **more: Any) -> Answer:
        try:
            with self._http.stream(method, path, **more) as response:
                answer = Answer.of(response)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise unreachable(self.place, error) from error
        if not answer.is_success:
            raise refusal_of(self.place, answer)
        return answer

    def _read(self, answer: Answer, kind: type[T]) -> T:
        try:
            return msgspec.json.decode(answer.content, type=kind)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise stranger(self.place, answer) from error


@contextmanager
def connected(place: Place) -> Iterator[Service]:
    """Give a service during the block; the first request connects.

    Raises:
        UnreachableError: the URL can not be one.
    """
    # A proxy of the environment is for elsewhere: it would look for localhost at home.
    try:
        http = httpx.Client(
            base_url=f"{place.url}/",
            headers={} if place.token is None else {"Authorization": f"Bearer {place.token}"},
            timeout=TIMEOUT_S,
            trust_env=not place.is_here,
        )
    except (httpx.InvalidURL, ValueError, OSError) as error:
        raise UnreachableError(f"{place.url} can not be used: {error}") from error
    with http:
        yield Service(place, http)
