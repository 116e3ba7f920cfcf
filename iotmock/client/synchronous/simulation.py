"""Time and its figures: started, stopped, moved on by hand, listened to."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Unpack

from msgspec import UNSET, UnsetType

from iotmock.client.answers.simulation import (
    SimulationHistory,
    SimulationStatus,
    Speed,
    StepResult,
    StreamEvent,
)
from iotmock.client.asked import Heard, Window
from iotmock.client.event_stream import Frames
from iotmock.client.request import given, key
from iotmock.client.synchronous.asking import Asking


class Simulation(Asking):
    """Simulated time, which all devices share."""

    def get_simulation_status(self) -> SimulationStatus:
        """Return how far it is and how it fares."""
        return self.ask("GET", "api/v1/simulation/status", SimulationStatus)

    def start_simulation(self, *, idempotency_key: str | None = None) -> SimulationStatus:
        """Let time go on."""
        return self._told("start", UNSET, idempotency_key)

    def stop_simulation(self, *, idempotency_key: str | None = None) -> SimulationStatus:
        """Let time stand."""
        return self._told("stop", UNSET, idempotency_key)

    def set_speed(self, speed: Speed, *, idempotency_key: str | None = None) -> SimulationStatus:
        """Say how fast time goes: 1 is as on the wall, 0 as fast as it can, "step" by hand."""
        return self._told("speed", {"speed": speed}, idempotency_key)

    def resync(self, *, idempotency_key: str | None = None) -> SimulationStatus:
        """Go on from the time of day."""
        return self._told("resync", UNSET, idempotency_key)

    def step(
        self,
        seconds: float | UnsetType = UNSET,
        *,
        until: str | UnsetType = UNSET,
        timeout: float | UnsetType = UNSET,
        idempotency_key: str | None = None,
    ) -> StepResult:
        """Move time on by `seconds`, or `until` a time of day; return when all is delivered."""
        body = given(seconds=seconds, until=until, timeout=timeout)
        path, headers = "api/v1/simulation/step", key(idempotency_key)
        return self.ask("POST", path, StepResult, body=body, headers=headers)

    def get_history(self, *, window: Window = "15m") -> SimulationHistory:
        """Return the figures of the last `15m` or `24h`."""
        query = {"window": window}
        return self.ask("GET", "api/v1/simulation/history", SimulationHistory, query=query)

    @contextmanager
    def listen(
        self, *, within: float | None = None, **which: Unpack[Heard]
    ) -> Iterator[Iterator[StreamEvent]]:
        """Give what happens, from now on or after an event.

        Readings come only where `kind` names them. The stream is on when the block begins.

        Raises:
            TimeoutError: so many s of the wall are over, `within` which all was to be heard.
        """
        with self.lines("api/v1/stream", which, within) as lines:
            yield _events(lines)

    def _told(self, what: str, body: object, idempotency_key: str | None) -> SimulationStatus:
        path, headers = f"api/v1/simulation/{what}", key(idempotency_key)
        return self.ask("POST", path, SimulationStatus, body=body, headers=headers)


def _events(lines: Iterator[str]) -> Iterator[StreamEvent]:
    frames = Frames()
    for line in lines:
        if (event := frames.take(line)) is not None:
            yield event
