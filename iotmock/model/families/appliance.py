"""Appliances: a fridge that cycles, programmes that people start, and what is always on."""

from collections.abc import Callable, Mapping
from typing import Literal

from attrs import define

from iotmock.model.commands import Applied, Command, Outcome, Rejected
from iotmock.model.family import DeviceType, Family, Profile
from iotmock.model.numbers.by_step import ByStep, Relaxation, relaxation
from iotmock.model.numbers.noise import Noise
from iotmock.model.parts import zip_load
from iotmock.model.parts.places import FRIDGE, HOME_WASHING_UP, KITCHEN, LAUNDRY, OFFICE, Place
from iotmock.model.parts.programs import Player
from iotmock.model.parts.thermostat import Thermostat
from iotmock.model.site.site import Conditions, spread_of
from iotmock.model.spec import Setting

_RIPPLE = 0.01
_START_LOSS = 0.25
_GOODS_K = 1.2


class StartCycle(Command, frozen=True):
    """Start a programme now."""

    name = "start_cycle"
    program: Literal[
        "dishwasher", "oven", "coffee", "kettle", "microwave", "washer", "dryer", "copier"
    ]


def _ripple(dt_s: float) -> Relaxation:
    return relaxation(20.0, dt_s)


_RIPPLES = ByStep(_ripple)


@define(eq=False)
class Appliance:
    """The appliances of one place. `heating` is how much of the load is resistive, 0 to 1."""

    noise: Noise
    spread: float
    place: Place
    player: Player
    fridge: Thermostat | None
    ripple: float = 0.0
    heating: float = 0.0

    @classmethod
    def make(cls, noise: Noise, variation: float, place: Place = KITCHEN) -> "Appliance":
        """Return a place in which no programme runs, its fridge somewhere in its cycle."""
        spread = spread_of(variation)
        fridge = None
        if place.cooler is not None:
            somewhere = max(-0.6, min(0.6, 1.2 * spread * (noise.uniform() - 0.5)))
            goods = noise.branch()
            fridge = Thermostat(
                place.cooler.mass, somewhere, goods=goods, goods_k=_GOODS_K * spread
            )
        player = Player.make(place.programs, noise.branch(), spread)
        return cls(noise, spread, place, player, fridge)

    def step(self, site: Conditions, dt_s: float) -> float:
        """See `Family.step`."""
        place = self.place
        people = site.at_home if place.at_home else site.occupancy
        power_kw = place.standby_kw + place.attended_kw * people
        if self.fridge is not None:
            power_kw += self._cool(self.fridge, people, dt_s)
        keep, kick, _, steady = _RIPPLES[dt_s]
        self.ripple = self.ripple * keep + kick * self.noise.gauss()
        programs = self.player.advance(people, dt_s)
        ripple = 1.0 + _RIPPLE * self.spread * steady * self.ripple
        load = (power_kw / place.programs.rated_kw + programs) * (ripple if ripple > 0.0 else 0.0)
        self.heating = programs / load if load else 0.0
        return load

    def _cool(self, fridge: Thermostat, people: float, dt_s: float) -> float:
        cooler = self.place.cooler
        if cooler is None:
            return 0.0
        on = fridge.advance(cooler.ambient_k + cooler.doors_k * people, cooler.pull_k, dt_s)
        return cooler.power_kw * (on + _START_LOSS * fridge.starting)

    def power_factor(self) -> float:
        """See `Family.power_factor`: heaters are resistive, motors and power supplies are not."""
        return 0.75 + 0.24 * min(1.0, self.heating)

    def apply(self, command: Command) -> Outcome:
        """See `Family.apply`."""
        if not isinstance(command, StartCycle):
            return Rejected(f"appliance has no {command.name}")
        for program in self.place.programs.programs:
            if program.name == command.program:
                started = self.player.start(program)
                return Applied() if started else Rejected(f"{program.name} runs already")
        names = ", ".join(program.name for program in self.place.programs.programs) or "none"
        return Rejected(f"no {command.program} here; programmes are: {names}")

    def settings(self) -> dict[str, Setting]:
        """See `Family.settings`."""
        return {}

    def restore(self, settings: Mapping[str, Setting]) -> None:
        """See `Family.restore`: a programme does not outlive the process."""


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
            1.4,
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
    ),
    own_commands=(StartCycle,),
)
