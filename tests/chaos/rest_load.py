"""Clients that make, change, command and delete devices, and remember what they were told."""

from collections import Counter, deque
from random import Random
from typing import Any

import httpx
import trio
from attrs import define, field

from tests.chaos.small_disk import SmallDisk
from tests.patience import SLACK

_TYPES = ("hvac", "lighting", "server", "industrial", "appliance")
_LARGEST = 30
"""The most devices of a fleet."""
_HIGHEST = 2 * _LARGEST
"""The highest number that one can have: the number of a deleted device stays free."""
_MOST = 25
"""Devices of one client: as many come as go, so that memory can be judged."""
_LEFT = 10
"""Devices of one client that nobody knows to be deleted; older ones are deleted for sure."""
_PAUSE_S = 0.02
_PATIENCE_S = 20.0 * SLACK
_HANG_UP_S = 0.004
_REFUSALS = {503, 507}
"""What may be answered while nothing can be kept."""


@define(eq=False)
class Book:
    """What all clients asked and were told."""

    disk: SmallDisk
    closed: bool = False
    """Nobody asks for more: each client awaits its last answer and ends."""
    requests: int = 0
    statuses: Counter[int] = field(factory=Counter)
    refused: int = 0
    unanswered: list[str] = field(factory=list)
    errors: list[str] = field(factory=list)
    """Answers of 500 and more that nothing excuses."""
    there: set[str] = field(factory=set)
    """Devices that must be there, by the answers."""
    gone: set[str] = field(factory=set)
    reborn: set[str] = field(factory=set)
    """Devices of fleets that were scaled down: those that come back are new, and begin at zero."""
    unsure: set[str] = field(factory=set)
    """Those of whom the client did not wait for the answer."""

    def note(self, method: str, path: str, answer: httpx.Response, *, mark: int) -> None:
        """Take note of an answer; `mark` is the disk's when it was asked for."""
        self.statuses[answer.status_code] += 1
        if answer.status_code < 500:
            return
        if answer.status_code in _REFUSALS and self.disk.was_full_since(mark):
            self.refused += 1
        else:
            self.errors.append(f"{method} {path}: {answer.status_code} {answer.text[:120]}")


@define(eq=False)
class Client:
    """One of them: its devices are its own, so that it knows what became of each."""

    name: str
    http: httpx.AsyncClient
    book: Book
    random: Random
    live: list[str] = field(factory=list)
    left: deque[str] = field(factory=deque)
    """Deletes that were hung up: some were never read, and those devices live on."""
    made: int = 0

    async def run(self) -> None:
        """Ask one thing after another until the book is closed."""
        deeds = (self.create, self.change, self.command, self.read, self.delete)
        rarer = (self.change_beside_delete, self.hang_up)
        while not self.book.closed:
            deed = self.random.choice(deeds if self.random.random() < 0.9 else rarer)
            await deed()
            await trio.sleep(self.random.expovariate(1 / _PAUSE_S))

    async def ask(self, method: str, path: str, body: Any = None) -> int | None:
        """Return the status of the answer; None if there was none."""
        self.book.requests += 1
        mark = self.book.disk.mark
        try:
            answer = await self.http.request(method, f"/api/v1{path}", json=body)
        except httpx.HTTPError as error:
            self.book.unanswered.append(f"{method} {path}: {error!r}")
            return None
        self.book.note(method, path, answer, mark=mark)
        return answer.status_code

    def _one(self) -> str | None:
        return self.random.choice(self.live) if self.live else None

    async def create(self) -> None:
        if len(self.live) >= _MOST:
            return
        self.made += 1
        name = f"chaos-{self.name}-{self.made}"
        body = {"device_id": name, "device_type": self.random.choice(_TYPES), "name": name}
        status = await self.ask("POST", "/devices", body)
        if status == 201:
            self.book.there.add(name)
            self.live.append(name)
        elif status is None:
            self.book.unsure.add(name)

    async def change(self) -> None:
        if name := self._one():
            body = {"location": f"hall {self.random.randrange(9)}"}
            await self.ask("PUT", f"/devices/{name}", body)

    async def command(self) -> None:
        if name := self._one():
            body: dict[str, Any] = {"command": "set_power", "parameters": {"power": 5.0}}
            if self.random.random() < 0.3:
                enabled = self.random.random() < 0.7
                body = {"command": "set_enabled", "parameters": {"enabled": enabled}}
            await self.ask("POST", f"/devices/{name}/command", body)

    async def read(self) -> None:
        name = self._one()
        paths = ["/devices?limit=50", "/simulation/status", "/devices/nobody"]
        await self.ask("GET", self.random.choice([*paths, f"/devices/{name}/readings"]))

    async def delete(self, name: str | None = None) -> None:
        if len(self.live) < _MOST // 2 and name is None:
            return
        if name := name or self._one():
            self._forget(name)
            status = await self.ask("DELETE", f"/devices/{name}")
            if status == 204:
                self.book.gone.add(name)
            else:
                await self._look_for(name, status)

    async def _look_for(self, name: str, status: int | None) -> None:
        """A delete that was refused has changed nothing; one without an answer may have."""
        if status in _REFUSALS:
            self.book.there.add(name)
            self.live.append(name)
        else:
            self.book.unsure.add(name)

    def _forget(self, name: str) -> None:
        self.live.remove(name)
        self.book.there.discard(name)

    async def change_beside_delete(self) -> None:
        if name := self._one():
            async with trio.open_nursery() as nursery:
                nursery.start_soon(self.ask, "PUT", f"/devices/{name}", {"location": "beside"})
                nursery.start_soon(self.delete, name)

    async def hang_up(self) -> None:
        """Ask for a delete and go away before the answer; it may be carried out or not."""
        if name := self._one():
            self._forget(name)
            self.book.unsure.add(name)
            with trio.move_on_after(self.random.uniform(0.0, _HANG_UP_S)):
                await self.ask("DELETE", f"/devices/{name}")
            self.left.append(name)
        if len(self.left) > _LEFT:
            name = self.left.popleft()
            if await self.ask("DELETE", f"/devices/{name}") not in {204, 404}:
                self.left.append(name)


@define(eq=False)
class FleetClient(Client):
    """Makes, scales and takes down fleets; the devices of one are deleted singly, too."""

    async def run(self) -> None:
        while not self.book.closed:
            self.made += 1
            await self.one_fleet(f"chaosfleet{self.made}")

    async def one_fleet(self, name: str) -> None:
        group = {"name": "a", "device_type": "lighting", "count": 20}
        if await self.ask("POST", "/fleets", {"name": name, "groups": [group]}) != 202:
            await trio.sleep(1.0)
            return
        for _ in range(6):
            await trio.sleep(self.random.uniform(0.2, 1.0))
            if self.book.closed:
                return  # it stays, to be looked for in the next life
            size = self.random.randint(10, _LARGEST)
            self.book.reborn |= {f"{name}-a-{n:06d}" for n in range(size + 1, _HIGHEST + 1)}
            async with trio.open_nursery() as nursery:
                nursery.start_soon(self.ask, "PATCH", f"/fleets/{name}", {"groups": {"a": size}})
                number = self.random.randint(1, 10)
                nursery.start_soon(self.ask, "DELETE", f"/devices/{name}-a-{number:06d}")
        await self._take_down(name)

    async def _take_down(self, name: str) -> None:
        status = None
        while status not in {202, 404}:
            status = await self.ask("DELETE", f"/fleets/{name}")
            await trio.sleep(0.5)


def http_client(port: int) -> httpx.AsyncClient:
    return httpx.AsyncClient(
        base_url=f"http://127.0.0.1:{port}", timeout=_PATIENCE_S, trust_env=False
    )
