"""Appliances: a fridge that cycles, programmes that people start, and what is always on."""

from collections.abc import Callable, Mapping

from attrs import define

from iotmock.model.commands import Command, Outcome, Rejected
from iotmock.model.family import DeviceType, Family, Profile
from iotmock.model.numbers.by_step import ByStep, Relaxation, relaxation
from iotmock.model.numbers.noise import Noise
from iotmock.model.numbers.shared import shared
from iotmock.model.numbers.slow_noise import SlowNoise
from iotmock.model.parts import zip_load
from iotmock.model.parts.appliances.cabinet import Cabinet
from iotmock.model.parts.appliances.cycles import StartCycle, start
from iotmock.model.parts.appliances.own import bounded, factor
from iotmock.model.parts.appliances.places import (
    FRIDGE,
    HOME_WASHING_UP,
    KITCHEN,
    LAUNDRY,
    OFFICE,
    ROUTER,
    TV,
    Place,
)
from iotmock.model.parts.appliances.player import Player
from iotmock.model.site.site import Conditions, spread_of
from iotmock.model.spec import Setting

_WANDER_TAU_S = 300.0
_RIPPLE_TAU_S = 20.0
_PF_IDLE, _PF_HEATS, _PF_SD, _PF_TREMBLE = 0.72, 0.99, 0.06, 0.03


def _ripple(dt_s: float) -> Relaxation:
    return relaxation(_RIPPLE_TAU_S, dt_s)


_RIPPLES = ByStep(_ripple)


@define(eq=False)
class Appliance:
    """The appliances of one place. `heating` is how much of the load is resistive, 0 to 1.

    `standby_kw`, `hum` (how much what runs trembles, relative) and `factor` (its power factor
    without heaters) are the device's own.
    """

    noise: Noise
    spread: float
    place: Place
    player: Player | None
    fridge: Cabinet | None
    wander: SlowNoise | None
    standby_kw: float
    hum: float
    factor: float
    ripple: float = 0.0
    heating: float = 0.0

    @classmethod
    def make(cls, noise: Noise, variation: float, place: Place = KITCHEN) -> "Appliance":
        """Return a place in which no programme runs, its fridge somewhere in its cycle."""
        spread, own = spread_of(variation), noise.branch()
        plays, wanders, cools = own.branch(), own.branch(), own.branch()
        size = shared(factor(own, place.size_sd * spread))
        cooler, programs = place.cooler, place.programs
        return cls(
            noise,
            spread,
            place,
            Player.make(programs, plays, spread, size, at_home=place.at_home)
            if programs.programs
            else None,
            Cabinet.make(cooler, cools, spread) if cooler is not None else None,
            SlowNoise.make(wanders.state, _WANDER_TAU_S, 1) if place.wander else None,
            place.drawn_always_kw(own, spread),
            shared(spread * factor(own, 0.4 * spread)),
            shared(_PF_IDLE + bounded(own, _PF_SD * spread, 0.15)),
        )

    def step(self, site: Conditions, dt_s: float) -> float:
        """See `Family.step`."""
        place = self.place
        people = site.at_home if place.at_home else site.occupancy
        standby_kw = self.standby_kw
        if self.wander is not None:
            standby_kw *= 1.0 + place.wander * self.spread * self.wander.between(site.now)
        power_kw, hum_kw = standby_kw + place.attended_kw * people, 0.0
        if self.fridge is not None:
            fridge_kw = self.fridge.advance(_room_c(site), people, dt_s)
            power_kw += fridge_kw
            hum_kw = fridge_kw * self.fridge.hum
        load, hum = power_kw / place.programs.rated_kw, hum_kw / place.programs.rated_kw
        if self.player is not None:
            load += self.player.advance(site.day, 3600.0 * site.hour, dt_s)
            hum += self.player.hum * self.hum
        if hum:
            load += hum * self._rippled(dt_s)
        self.heating = self.player.heat / load if self.player is not None and load > 0.0 else 0.0
        return load if load > 0.0 else 0.0

    def _rippled(self, dt_s: float) -> float:
        keep, kick, _, steady = _RIPPLES[dt_s]
        self.ripple = self.ripple * keep + kick * self.noise.gauss()
        return steady * self.ripple

    def power_factor(self) -> float:
        """See `Family.power_factor`: heaters are resistive, motors and power supplies are not."""
        usual = self.factor + _PF_TREMBLE * self.ripple
        usual = 0.4 if usual < 0.4 else 0.97 if usual > 0.97 else usual
        return usual + (_PF_HEATS - usual) * min(1.0, self.heating)

    def apply(self, command: Command) -> Outcome:
        """See `Family.apply`."""
        if not isinstance(command, StartCycle):
            return Rejected(f"appliance has no {command.name}")
        return start(command, self.player)

    def settings(self) -> dict[str, Setting]:
        """See `Family.settings`."""
        return {}

    def restore(self, settings: Mapping[str, Setting]) -> None:
        """See `Family.restore`: a programme does not outlive the process."""


def _room_c(site: Conditions) -> float:
    hot_k = site.outdoor_c - 23.0
    return 21.0 + 1.5 * site.day.summer + (0.4 * hot_k if hot_k > 0.0 else 0.0)


def _in(place: Place) -> Callable[[Noise, float], Family]:
    def build(noise: Noise, variation: float) -> Appliance:
        return Appliance.make(noise, variation, place)

    return build


TYPE = DeviceType.of_profiles(
    device_type="appliance",
    name="Kitchen Equipment",
    description="Fridges that cycle and programmes that people start; single-phase.",
    profiles=(
        Profile(
            "kitchen",
            "The kitchen of an office.",
            15.0,
            240.0,
            1,
            _in(KITCHEN),
            1.1,
            zip_load=zip_load.KITCHEN,
        ),
        Profile(
            "fridge",
            "One household fridge.",
            0.15,
            240.0,
            1,
            _in(FRIDGE),
            10.0,
            zip_load=zip_load.FRIDGE,
        ),
        Profile(
            "dishwasher",
            "One household dishwasher.",
            2.2,
            240.0,
            1,
            _in(HOME_WASHING_UP),
            1.1,
            zip_load=zip_load.RESISTIVE,
        ),
        Profile(
            "office",
            "Plug loads of an office floor.",
            6.0,
            240.0,
            1,
            _in(OFFICE),
            1.4,
            zip_load=zip_load.PLUG_LOADS,
        ),
        Profile(
            "laundry",
            "Washer and dryer of a house.",
            8.0,
            240.0,
            1,
            _in(LAUNDRY),
            1.1,
            zip_load=zip_load.LAUNDRY,
        ),
        Profile("tv", "One television of a household.", 0.12, 240.0, 1, _in(TV), 2.5),
        Profile("router", "One router of a household.", 0.012, 240.0, 1, _in(ROUTER), 2.0),
    ),
    own_commands=(StartCycle,),
)
