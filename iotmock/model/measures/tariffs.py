"""Tariff registers: the two counters cut by the hour, 1 at night and on Sundays, 2 by day."""

from collections.abc import Callable

import msgspec
from attrs import define

from iotmock.model.site.day import Day, DayKind

LOW, NORMAL = 1, 2
"""As DSMR numbers them."""
_DAY_BEGINS_H, _NIGHT_BEGINS_H = 7.0, 23.0


class Cut(msgspec.Struct, frozen=True):
    """Where the tariff last changed: both counters then, and how much of each was at the low."""

    tariff: int
    drawn_kwh: float
    fed_kwh: float
    low_drawn_kwh: float
    low_fed_kwh: float


def tariff_at(day: Day, hour: float) -> int:
    """Return the tariff at an hour of a local day."""
    if day.kind is DayKind.SUNDAY or day.kind is DayKind.SATURDAY:
        return LOW
    return NORMAL if _DAY_BEGINS_H <= hour < _NIGHT_BEGINS_H else LOW


def _tell_nobody() -> None:
    """Nobody keeps it."""


@define(eq=False)
class Tariffs:
    """How much of each counter was at the low tariff; the rest is at the normal one."""

    cut: Cut | None = None
    turned: Callable[[], object] = _tell_nobody
    """Is told whenever there is something else to be kept, which is twice a day."""

    def low(self, tariff: int, drawn_kwh: float, fed_kwh: float) -> tuple[float, float]:
        """Return what of two counters was at the low tariff."""
        cut = self.cut
        if cut is None or drawn_kwh < cut.drawn_kwh or fed_kwh < cut.fed_kwh:
            cut = self._keep(Cut(tariff, drawn_kwh, fed_kwh, 0.0, 0.0))
        drawn, fed = cut.low_drawn_kwh, cut.low_fed_kwh
        if cut.tariff == LOW:
            drawn, fed = drawn + drawn_kwh - cut.drawn_kwh, fed + fed_kwh - cut.fed_kwh
        if tariff != cut.tariff:
            self._keep(Cut(tariff, drawn_kwh, fed_kwh, drawn, fed))
        return drawn, fed

    def _keep(self, cut: Cut) -> Cut:
        self.cut = cut
        self.turned()
        return cut

    def recall(self, memory: bytes) -> None:
        """Go on from an earlier life; not from what none has written."""
        try:
            self.cut = msgspec.json.decode(memory, type=Cut)
        except msgspec.DecodeError:
            return

    def memory(self) -> bytes:
        """Return what is to be kept."""
        return msgspec.json.encode(self.cut)
