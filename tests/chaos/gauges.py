"""What is looked at each second: the service's own books, and its memory."""

import os
from pathlib import Path
from statistics import median
from typing import Any

import httpx
import trio
from attrs import define, field

from tests.chaos.rest_load import http_client

_SECOND = 1.0
_PARTS = ("acknowledged", "refused", "waiting", "dropped", "superseded")
_PAGE = os.sysconf("SC_PAGE_SIZE")


@define(eq=False)
class Gauges:
    """The books must add up at every moment, and memory must not grow."""

    port: int
    pid: int
    looks: int = 0
    messages: dict[str, Any] = field(factory=dict)
    off: list[str] = field(factory=list)
    memory_mb: list[float] = field(factory=list)

    async def run(self) -> None:
        """Look each second until cancelled."""
        async with http_client(self.port) as http:
            while True:
                await self._look(http)
                await trio.sleep(_SECOND)

    async def _look(self, http: httpx.AsyncClient) -> None:
        self.memory_mb.append(resident_mb(self.pid))
        try:
            answer = await http.get("/api/v1/simulation/status")
        except httpx.HTTPError:
            return  # the load counts who gets no answer
        if answer.status_code == 200:
            self.looks += 1
            self.messages = answer.json()["messages"]
            self._add_up()

    def _add_up(self) -> None:
        if self.messages["accepted"] != sum(self.messages[part] for part in _PARTS):
            self.off.append(self.equation)

    @property
    def equation(self) -> str:
        parts = (f"{self.messages[part]:,} {part}" for part in _PARTS)
        return f"{self.messages['accepted']:,} accepted = {' + '.join(parts)}"

    def growth(self) -> tuple[float, float] | None:
        """Return the memory of the second minute and of the last half, MB; None if too short."""
        if len(self.memory_mb) < 180:
            return None
        return median(self.memory_mb[60:120]), median(self.memory_mb[-30:])


def resident_mb(pid: int) -> float:
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * _PAGE / 1e6
