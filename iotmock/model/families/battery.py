"""Batteries: they follow the site's meter, what energy costs, or commands."""

from collections.abc import Callable, Mapping
from typing import Annotated, Literal, get_args

from attrs import define, frozen

from iotmock.model.commands import Applied, Command, Outcome, Rejected
from iotmock.model.family import DeviceType, Extra, Family, Profile
from iotmock.model.numbers.by_step import ByStep, relaxation
from iotmock.model.numbers.noise import Noise
from iotmock.model.parts.flows.ageing import Wear, charges, discharges
from iotmock.model.parts.flows.price import prices
from iotmock.model.parts.flows.store import Chemistry, Store
from iotmock.model.quantities import quantity
from iotmock.model.site.site import Conditions, spread_of
from iotmock.model.spec import (
    PERCENT,
    POWER_KW,
    InvalidFieldError,
    Setting,
    read_setting,
    read_switch,
)

Strategy = Literal["self_consumption", "tariff", "command"]
_STRATEGIES: tuple[str, ...] = get_args(Strategy)
_BOTH_WAYS = (-100.0, 100.0)
_CYCLES = (0.0, 1e6)
_DAYS = (0.0, 1e6)
_LEFT_TO_GRID = 0.004
"""What a battery that follows the meter leaves to the grid / rating, either way: some tens of
watts, so that it neither feeds the grid nor is charged by it."""
_RIPPLE, _RIPPLE_TAU_S = 0.08, 60.0
_KEEPS_FOR_BACKUP = 20.0


def _ripple(dt_s: float) -> float:
    return _RIPPLE * relaxation(_RIPPLE_TAU_S, dt_s).steady


_RIPPLES = ByStep(_ripple)


class SetCharge(Command, frozen=True):
    """Charge with this power, in kW; a negative one discharges. The strategy becomes `command`."""

    name = "set_charge"
    power: Annotated[
        float, quantity((-POWER_KW[1], POWER_KW[1]), "kW", "power, negative to discharge")
    ]

    def for_rating(self, base_power_kw: float) -> Command:
        """See `Command.for_rating`."""
        return SetCharge(max(-1.0, min(1.0, self.power / base_power_kw)))


class SetStrategy(Command, frozen=True):
    """Follow the meter of the site, what energy costs, or `set_charge`."""

    name = "set_strategy"
    strategy: Strategy


class SetReserve(Command, frozen=True):
    """Keep so much in reserve, in percent of the capacity."""

    name = "set_reserve"
    percent: Annotated[float, quantity(PERCENT, "%", "state of charge that is kept")]


class SetBackup(Command, frozen=True):
    """Keep a reserve, and go on in a black-out, or not."""

    name = "set_backup"
    enabled: bool


@frozen
class Pack:
    """What is sold as one battery: hours at its rating, and where it stands.

    `indoors` is how little of the weather its room lets in, 0 to 1. `standby` / rating.
    Source: capacities and C-rates after Figgener et al. 2024; round trips of 0.90 to 0.92 and
    standby of 0.1 to 0.5 % after HTW Berlin, "Stromspeicher-Inspektion 2024".
    """

    hours: float
    strategy: Strategy = "self_consumption"
    backup: bool = False
    indoors: float = 0.7
    standby: float = 0.003


@define(eq=False)
class Battery:
    """Cells with an inverter. Shares of the rating; positive is charging, as all power is.

    `wanted` is what `set_charge` asked for.
    """

    pack: Pack
    noise: Noise
    store: Store
    new_h: float
    wear: Wear
    spread: float
    standby: float
    strategy: Strategy
    backup: bool
    reserve: float
    wanted: float = 0.0
    power: float = 0.0
    """Of the last tick, standby included."""
    cell_c: float = 18.0

    @classmethod
    def make(cls, noise: Noise, variation: float, pack: Pack) -> "Battery":
        """Return a battery that is half full and has lived a while."""
        spread = spread_of(variation)
        wear = Wear(
            400.0 * (1.0 + min(1.0, spread) * (2.0 * noise.uniform() - 1.0)),
            800.0 * (1.0 + min(1.0, spread) * (2.0 * noise.uniform() - 1.0)),
        )
        one_way = 0.955 + 0.005 * spread * max(-3.0, min(3.0, noise.gauss()))
        chemistry = Chemistry(one_way, one_way)
        capacity_h = pack.hours * wear.health
        stored_h = capacity_h * (0.5 + 0.3 * min(1.0, spread) * (2.0 * noise.uniform() - 1.0))
        standby = pack.standby * max(0.3, 1.0 + 0.3 * spread * noise.gauss())
        reserve = _KEEPS_FOR_BACKUP if pack.backup else 5.0
        store = Store(chemistry, capacity_h, stored_h)
        return cls(
            pack,
            noise,
            store,
            pack.hours,
            wear,
            spread,
            standby,
            pack.strategy,
            pack.backup,
            reserve,
        )

    def step(self, site: Conditions, dt_s: float) -> float:
        """See `Family.step`."""
        store, hours = self.store, dt_s / 3600.0
        self.cell_c = cell_c = self._room_c(site.outdoor_c)
        wanted = self._wanted(site)
        before_h = store.stored_h
        if wanted > 0.0:
            power = store.charge(wanted, charges(cell_c), hours)
        elif wanted < 0.0:
            most = discharges(cell_c)
            given = -wanted if -wanted < most else most
            power = -store.discharge(given, self._kept_h(), hours) if hours else 0.0
        else:
            power = 0.0
        self._age(abs(store.stored_h - before_h), dt_s)
        fans = 1.0 + _RIPPLES[dt_s] * self.spread * self.noise.gauss()
        self.power = power = power + self.standby * (fans if fans > 0.0 else 0.0)
        return power

    def _age(self, moved_h: float, dt_s: float) -> None:
        wear, store = self.wear, self.store
        wear.go_on(moved_h, store.capacity_h, dt_s)
        store.capacity_h = self.new_h * wear.health

    def _room_c(self, outdoor_c: float) -> float:
        return outdoor_c + self.pack.indoors * (18.0 - outdoor_c)

    def _kept_h(self) -> float:
        return 0.01 * self.reserve * self.store.capacity_h

    def _wanted(self, site: Conditions) -> float:
        match self.strategy:
            case "self_consumption":
                # What all others of the site draw, as the meter last showed it.
                others = site.net_kw / site.rated_kw - self.power
                if others > _LEFT_TO_GRID:
                    return max(-1.0, _LEFT_TO_GRID - others)
                return min(1.0, -others - _LEFT_TO_GRID) if others < -_LEFT_TO_GRID else 0.0
            case "tariff":
                return self._by_price(site)
            case "command":
                return self.wanted

    def _by_price(self, site: Conditions) -> float:
        day = prices(site.day, self.spread)
        price = day.by_hour[int(site.hour) % 24]
        return 0.5 if price <= day.cheap else -0.5 if price >= day.dear else 0.0

    def power_factor(self) -> float:
        """See `Family.power_factor`."""
        busy = abs(self.power)
        return 0.6 + 0.39 * min(1.0, 10.0 * busy)

    def apply(self, command: Command) -> Outcome:
        """See `Family.apply`."""
        match command:
            case SetCharge(power=power):
                self.strategy, self.wanted = "command", power
            case SetStrategy(strategy=strategy):
                self.strategy = strategy
            case SetReserve(percent=percent):
                self.reserve = percent
            case SetBackup(enabled=enabled):
                self.backup = enabled
                self.reserve = max(self.reserve, _KEEPS_FOR_BACKUP) if enabled else self.reserve
            case _:
                return Rejected(f"battery has no {command.name}")
        return Applied()

    def extras(self) -> dict[str, Extra]:
        """See `HasExtras`."""
        moved = self.power - self.standby
        busy = abs(moved) > self.standby
        return {
            "soc": round(100.0 * self.store.soc, 1),
            "cell_temperature": round(self.cell_c, 1),
            "state": "idle" if not busy else "charging" if moved > 0.0 else "discharging",
        }

    def settings(self) -> dict[str, Setting]:
        """See `Family.settings`: what commands set, and what the cells are like."""
        return {
            "strategy": self.strategy,
            "charge_percent": 100.0 * self.wanted,
            "reserve": self.reserve,
            "backup": self.backup,
            "soc": 100.0 * self.store.soc,
            "cycles": self.wear.cycles,
            "age_days": self.wear.days,
        }

    def restore(self, settings: Mapping[str, Setting]) -> None:
        """See `Family.restore`."""
        if "strategy" in settings:
            self.strategy = _strategy(settings["strategy"])
        if "backup" in settings:
            self.backup = read_switch(settings, "backup")
        self.reserve = read_setting(settings, "reserve", PERCENT, self.reserve)
        self.wanted = 0.01 * read_setting(settings, "charge_percent", _BOTH_WAYS, 0.0)
        self.wear.cycles = read_setting(settings, "cycles", _CYCLES, self.wear.cycles)
        self.wear.days = read_setting(settings, "age_days", _DAYS, self.wear.days)
        soc = 0.01 * read_setting(settings, "soc", PERCENT, 100.0 * self.store.soc)
        self.store.capacity_h = self.new_h * self.wear.health
        self.store.stored_h = soc * self.store.capacity_h


def _strategy(value: Setting) -> Strategy:
    if value not in _STRATEGIES:
        raise InvalidFieldError("strategy", f"must be one of {', '.join(_STRATEGIES)}")
    return value  # type: ignore[return-value]


def _of(pack: Pack) -> Callable[[Noise, float], Family]:
    def build(noise: Noise, variation: float) -> Battery:
        return Battery.make(noise, variation, pack)

    return build


def _profile(name: str, about: str, kw: float, volts: float, phases: int, pack: Pack) -> Profile:
    return Profile(
        name, about, kw, volts, phases, _of(pack), 1.02, feeds=1.0, follows=True, drifts=True
    )


TYPE = DeviceType.of_profiles(
    device_type="battery",
    name="Battery",
    description="Stores what the sun gives or cheap hours; power is negative while it discharges.",
    profiles=(
        _profile(
            "home",
            "Of a house: keeps the sun of the day for the evening, with a backup.",
            5.0,
            240.0,
            1,
            Pack(2.0, backup=True),
        ),
        _profile(
            "shop",
            "Of a shop: charges in cheap hours, discharges in dear ones.",
            30.0,
            400.0,
            3,
            Pack(2.0, "tariff", indoors=0.8),
        ),
        _profile(
            "farm",
            "Of a farm: in a shed, beside its solar power.",
            50.0,
            400.0,
            3,
            Pack(2.0, indoors=0.4, backup=True),
        ),
        _profile(
            "depot",
            "Of a fleet's depot: a container in the yard.",
            100.0,
            400.0,
            3,
            Pack(2.15, indoors=0.9, standby=0.008),
        ),
    ),
    own_commands=(SetCharge, SetStrategy, SetReserve, SetBackup),
)
