"""What was due, what was done, how late it was, and whether this machine is up to it."""

from collections.abc import Callable
from math import inf
from time import process_time

import structlog
from attrs import define, field, frozen

from iotmock.actors.time.histogram import Histogram

log = structlog.get_logger()

WINDOW_S = 30.0
_BEHIND = 0.5
"""Share of its interval from which on a late tick counts as behind."""
_TOLERATED = 0.01
"""Share of the ticks that may be behind or coalesced before the machine is called too small."""
_SAME_COMPLAINT_S = 60.0
_STANDSTILL_S = 2.0
_CPU_EACH_S = 0.1
"""How often the processor time is asked for: a call of the system, and no cheap one."""
_IDLE = 0.2
"""Share of a standstill that the process may have been at work: more is a machine too small."""
_DECIMALS = 4
"""Of a lateness that is told: no clock of a client sees less than 0.1 ms."""


@frozen
class PacerStatistics:
    """Ticks that were due, were handed out, and were joined with a later one; lateness in s.

    `lateness_s` is the last, `lateness_max_s` the most ever; `lateness_p50_s` and `lateness_p99_s`
    are of the last half minute to minute.
    """

    due: int
    done: int
    coalesced: int
    lateness_s: float
    lateness_p50_s: float
    lateness_p99_s: float
    lateness_max_s: float


@define(eq=False)
class Window:
    """What happened since `began`, on simulated time."""

    began: float
    lateness: Histogram = field(factory=Histogram)
    due: int = 0
    behind: int = 0

    @property
    def overloaded(self) -> bool:
        """Whether more was behind than may be."""
        return self.behind > self.due * _TOLERATED


@define(eq=False)
class Punctuality:
    """Counts per slice of a cohort, not per device; two windows, so that one is always full."""

    due: int = 0
    done: int = 0
    coalesced: int = 0
    lateness: Histogram = field(factory=Histogram)
    """Since the start."""
    _lateness_s: float = 0.0
    _window: Window = field(factory=lambda: Window(-inf))
    _before: Window = field(factory=lambda: Window(-inf))
    _complained_at: float = -inf
    cpu: Callable[[], float] = process_time
    """The seconds of processor time that the process has had."""
    _turned_at: float = -inf
    _cpu_s: float = 0.0
    _cpu_at: float = -inf
    _resumed_at: float = -inf

    def note(self, lateness_s: float, interval_s: float, ticks: int, coalesced: int) -> None:
        """Count ticks that were due together, of which some were joined with a later one."""
        self.due += ticks
        self.done += ticks - coalesced
        self.coalesced += coalesced
        self._lateness_s = lateness_s
        behind = ticks if lateness_s > _BEHIND * interval_s else coalesced
        if self._turned_at - lateness_s < self._resumed_at:  # due while the process stood still
            behind = 0
        self.lateness.note(lateness_s, ticks)
        self._window.lateness.note(lateness_s, ticks)
        self._window.due += ticks
        self._window.behind += behind

    def turn(self, now: float, lateness_s: float, devices: int) -> None:
        """Take note that ticks are handed out, which were due `lateness_s` ago.

        A new window begins when the last has lasted long enough; if that and the one before were
        too much, say so: one alone may be a machine that somebody else kept busy for a moment.
        """
        self._look_for_standstill(now, lateness_s)
        if now - self._window.began < WINDOW_S:
            return
        lasting = self._window.overloaded and self._before.overloaded
        if lasting and now - self._complained_at >= _SAME_COMPLAINT_S:
            self._complained_at = now
            self._complain(devices)
        self._before, self._window = self._window, Window(now)

    def _look_for_standstill(self, now: float, lateness_s: float) -> None:
        stood_s = min(now - self._turned_at, lateness_s)
        self._turned_at = now
        if now - self._cpu_at < _CPU_EACH_S:
            return
        cpu_s, before = self.cpu(), self._cpu_s
        self._cpu_s, self._cpu_at = cpu_s, now
        if stood_s > _STANDSTILL_S and cpu_s - before < _IDLE * stood_s:
            self._resumed_at = now
            log.warning(
                "the process stood still (SIGSTOP, a debugger, a paused machine): what was due "
                "meanwhile comes late, in one tick",
                seconds=round(stood_s, 1),
            )

    def _complain(self, devices: int) -> None:
        log.warning(
            "the machine is too small for the fleet: ticks are late or joined with later ones; "
            "use fewer devices, a longer interval or several processes",
            devices=devices,
            due=self._window.due,
            behind=self._window.behind,
            lateness_p99_s=round(self._window.lateness.quantile(0.99), 3),
        )

    @property
    def overloaded(self) -> bool:
        """Whether the machine was too small for the fleet in the last half minute to minute.

        More than 1 % of the ticks were joined with a later one, or later than half their interval.
        """
        return self._window.overloaded or self._before.overloaded

    def statistics(self) -> PacerStatistics:
        """Return the counts of now."""
        return PacerStatistics(
            self.due,
            self.done,
            self.coalesced,
            *(round(lateness_s, _DECIMALS) for lateness_s in self._latenesses()),
        )

    def _latenesses(self) -> tuple[float, float, float, float]:
        recent = self._before.lateness + self._window.lateness
        most = self.lateness.max_s
        return self._lateness_s, recent.quantile(0.5), recent.quantile(0.99), most
