"""The time of day: how it jumps, and who is told that simulated time did."""

from collections.abc import Iterator
from math import inf

import structlog
import trio
from attrs import define

from iotmock.actors.records.last_seen import LastSeen
from iotmock.actors.time.clock import Clock

log = structlog.get_logger()

STEP_S = 5.0
"""By how much the time of day must differ to be a step, and not a clock's drift."""
_TOLERATED_S = 1.0
_TOLD_S = 60.0
_GO_BACK = "POST /api/v1/simulation/resync goes back to it"


@define(eq=False)
class TimeOfDay:
    """Watches the time of day; what has jumped is a problem of the service's for a minute."""

    clock: Clock
    _set_back: bool = False
    _problem: str = ""
    _told_until: float = -inf

    def problems(self) -> Iterator[str]:
        """See `Part`."""
        if trio.current_time() < self._told_until:
            yield self._problem

    def _tell(self, problem: str) -> None:
        self._problem, self._told_until = problem, trio.current_time() + _TOLD_S

    def step(self) -> float:
        """Return by how many s it has jumped ahead. That it was set back is only told."""
        ahead_s = self.clock.behind_wall
        if ahead_s > STEP_S:
            self._tell_ahead(ahead_s)
            return ahead_s
        if ahead_s < -STEP_S and not self._set_back:
            self._tell_set_back(-ahead_s)
        self._set_back = ahead_s < -STEP_S
        return 0.0

    def _tell_ahead(self, seconds: float) -> None:
        log.warning("the time of day has jumped ahead: time goes on there", seconds=round(seconds))
        self._tell(
            f"the time of day has jumped ahead by {seconds:,.0f} s, and simulated time with it: "
            "look after this machine's clock if it was not set or suspended"
        )

    def _tell_set_back(self, seconds: float) -> None:
        log.warning("the time of day was set back: time goes on as before", seconds=round(seconds))
        self._tell(
            f"the time of day was set back by {seconds:,.0f} s and simulated time goes on as "
            f"before: {_GO_BACK}"
        )

    def look_back(self, seen: LastSeen) -> None:
        """Tell by how much the time of day is behind what devices have seen in earlier lives."""
        if self.clock.wall is None:
            return
        devices, ahead_s = seen.after(self.clock.wall())
        if ahead_s <= _TOLERATED_S:
            return
        log.warning(
            "the time of day is behind what devices have seen: time goes on from it, energy from "
            "their counters",
            seconds=round(ahead_s),
            devices=devices,
        )
        self._tell(
            f"the time of day is up to {ahead_s:,.0f} s behind what {devices:,} devices have seen, "
            "and time goes on from it: set this machine's clock, if it is not right"
        )

    def note_resync(self, seconds: float) -> None:
        """Tell that simulated time was brought to the time of day, and was so far behind it."""
        self._set_back = False
        log.info("time goes on from the time of day", seconds=round(seconds, 3))
        if abs(seconds) > _TOLERATED_S:
            where = "ahead" if seconds > 0.0 else "back"
            self._tell(
                f"simulated time went {where} by {abs(seconds):,.0f} s to the time of day, as it "
                "was asked to: nothing is to be done"
            )
