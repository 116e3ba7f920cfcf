"""The client of a running service: `async with AsyncClient("http://localhost:8090") as client`."""

from types import TracebackType
from typing import Self

import httpx

from iotmock.client.asynchronous.device import AsyncDevice
from iotmock.client.asynchronous.devices import AsyncDevices
from iotmock.client.asynchronous.faults import AsyncFaults
from iotmock.client.asynchronous.fleets import AsyncFleets
from iotmock.client.asynchronous.many import AsyncMany
from iotmock.client.asynchronous.service import AsyncService
from iotmock.client.asynchronous.simulation import AsyncSimulation
from iotmock.client.errors import UnreachableError
from iotmock.client.place import DEFAULT_URL, Place

TIMEOUT_S = 10.0


class AsyncClient(AsyncDevices, AsyncMany, AsyncFaults, AsyncFleets, AsyncSimulation, AsyncService):
    """A service, over connections that are kept; the first request connects.

    Every method raises RefusedError where the service says no, and UnreachableError where nothing
    answers or what answers is no iotmock.

    Args:
        url: where the service is.
        token: what its API_TOKEN is, if it has one.
        timeout: s in which each piece of an answer must come.

    Raises:
        UnreachableError: the URL can not be one.
    """

    def __init__(
        self, url: str = DEFAULT_URL, *, token: str | None = None, timeout: float = TIMEOUT_S
    ) -> None:
        place = Place(url.rstrip("/"), token)
        # A proxy of the environment is for elsewhere: it would look for localhost at home.
        try:
            http = httpx.AsyncClient(
                base_url=f"{place.url}/",
                headers={} if token is None else {"Authorization": f"Bearer {token}"},
                timeout=timeout,
                trust_env=not place.is_here,
            )
        except (httpx.InvalidURL, ValueError, OSError) as error:
            raise UnreachableError(f"{place.url} can not be used: {error}") from error
        super().__init__(place, http)

    @property
    def url(self) -> str:
        """Where the service is."""
        return self.place.url

    def device(self, device_id: str) -> AsyncDevice:
        """Return a device by its id, to be spoken to; nothing is asked by that."""
        return AsyncDevice(self, device_id)

    async def close(self) -> None:
        """Give the connections back."""
        await self.http.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.close()
