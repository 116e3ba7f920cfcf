"""The cells of a battery with their inverter: losses, limits, standby, wear, temperature."""

from attrs import define, frozen

from iotmock.model.numbers.by_step import ByStep, relaxation
from iotmock.model.numbers.noise import Noise
from iotmock.model.parts.flows.ageing import Wear, charges, discharges
from iotmock.model.parts.flows.store import Chemistry, Store

_RIPPLE, _RIPPLE_TAU_S = 0.08, 60.0
_ROOM_C = 18.0


def _ripple(dt_s: float) -> float:
    return _RIPPLE * relaxation(_RIPPLE_TAU_S, dt_s).steady


_RIPPLES = ByStep(_ripple)


@frozen
class Pack:
    """What is sold as one battery: hours at its rating, and where it stands.

    `indoors` is how little of the weather its room lets in, 0 to 1. `standby` / rating.
    Source: capacities and C-rates after Figgener et al. 2024; round trips of 0.90 to 0.92 and
    standby of 0.1 to 0.5 % after HTW Berlin, "Stromspeicher-Inspektion 2024".
    """

    hours: float
    indoors: float = 0.7
    standby: float = 0.003


@define(eq=False)
class Cells:
    """One battery's cells. Powers / rating, positive while they are charged."""

    pack: Pack
    noise: Noise
    spread: float
    standby: float
    wear: Wear
    store: Store
    cell_c: float = _ROOM_C

    @classmethod
    def drawn(cls, pack: Pack, noise: Noise, spread: float) -> "Cells":
        """Return cells that are half full and have lived a while."""
        share = min(1.0, spread)
        wear = Wear(
            400.0 * (1.0 + share * (2.0 * noise.uniform() - 1.0)),
            800.0 * (1.0 + share * (2.0 * noise.uniform() - 1.0)),
        )
        one_way = 0.955 + 0.005 * spread * max(-3.0, min(3.0, noise.gauss()))
        capacity_h = pack.hours * wear.health
        stored_h = capacity_h * (0.5 + 0.3 * share * (2.0 * noise.uniform() - 1.0))
        standby = pack.standby * max(0.3, 1.0 + 0.3 * spread * noise.gauss())
        store = Store(Chemistry(one_way, one_way), capacity_h, stored_h)
        return cls(pack, noise, spread, standby, wear, store)

    def move(self, wanted: float, reserve: float, outdoor_c: float, dt_s: float) -> float:
        """Take or give (negative) what is wanted, as far as can be; return the mean power.

        They give no more once only `reserve` (0 to 1) is left. Standby is in the power.
        """
        power = self._move(wanted, reserve, outdoor_c, dt_s)
        fans = 1.0 + _RIPPLES[dt_s] * self.spread * self.noise.gauss()
        return power + self.standby * (fans if fans > 0.0 else 0.0)

    def bear(self, wanted: float, reserve: float, outdoor_c: float, dt_s: float) -> float:
        """Take or give just what is wanted, as far as can be; the cells pay for the standby."""
        power = self._move(wanted - self.standby, reserve, outdoor_c, dt_s) + self.standby
        return power if wanted > 0.0 else min(0.0, power)

    def gives(self, reserve: float, hours: float) -> float:
        """Return what they can give for so long, down to the reserve."""
        store, most = self.store, discharges(self.cell_c)
        there_h = (store.stored_h - reserve * store.capacity_h) * store.chemistry.out
        steady = min(most, there_h / hours) if hours else most
        return max(0.0, steady - self.standby) if there_h > 0.0 else 0.0

    def takes(self, hours: float) -> float:
        """Return what they can take for so long."""
        return self.store.takes(charges(self.cell_c), hours)

    def _move(self, wanted: float, reserve: float, outdoor_c: float, dt_s: float) -> float:
        store, hours, before_h = self.store, dt_s / 3600.0, self.store.stored_h
        self.cell_c = cell_c = outdoor_c + self.pack.indoors * (_ROOM_C - outdoor_c)
        power = 0.0
        if wanted > 0.0:
            power = store.charge(wanted, charges(cell_c), hours)
        elif wanted < 0.0 and hours:
            most = discharges(cell_c)
            given = -wanted if -wanted < most else most
            power = -store.discharge(given, reserve * store.capacity_h, hours)
        self.wear.go_on(abs(store.stored_h - before_h), store.capacity_h, dt_s)
        store.capacity_h = self.pack.hours * self.wear.health
        return power

    def go_on_from(self, soc: float, cycles: float, days: float) -> None:
        """Be as cells were in an earlier life; `soc` 0 to 1."""
        self.wear.cycles, self.wear.days = cycles, days
        self.store.capacity_h = self.pack.hours * self.wear.health
        self.store.stored_h = soc * self.store.capacity_h
