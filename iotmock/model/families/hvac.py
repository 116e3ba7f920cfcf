"""HVAC: a room, a thermostat with hysteresis, a compressor."""

from collections.abc import Mapping
from typing import Annotated, NamedTuple

from attrs import define, field, frozen

from iotmock.model.commands import Applied, Command, Outcome, Rejected
from iotmock.model.family import DeviceType, Profile
from iotmock.model.numbers.by_step import ByStep, relaxation
from iotmock.model.numbers.noise import Noise
from iotmock.model.parts.thermostat import ThermalMass, Thermostat
from iotmock.model.quantities import quantity
from iotmock.model.site.site import Conditions, spread_of
from iotmock.model.spec import Setting, read_setting

_RIPPLE = 0.012
_RIPPLE_TAU_S = 20.0
_OCCUPIED = 0.15
"""Presence from which a room counts as used; the few of a weekend do not."""
_CROWDED = 0.5
"""Presence from which a machine may change over: not for the last who are leaving."""
_SETBACK_FROM, _SETBACK_TO = 0.3, 0.12
"""Presence between which the setpoint slides from the day's to the night's: a thermostat that jumps
in the morning draws its peak of the week then."""
_START_LOSS = 0.08
_BOTH_MODES_C = (5.0, 15.0)
"""Outdoor temperatures between which a machine may heat in the morning and cool in the afternoon;
below it only heats, above it only cools."""
_DEAD_BAND_K = 1.5
"""How far from its setpoint a room must be before the machine changes over (ASHRAE 90.1: 3 K from
heating to cooling)."""

SETPOINT_C = (5.0, 35.0)


class SetSetpoint(Command, frozen=True):
    """Set the room temperature that the thermostat holds, in °C."""

    name = "set_setpoint"
    temperature: Annotated[float, quantity(SETPOINT_C, "°C", "room temperature")]


@frozen(eq=False)
class Plant:
    """A room and its machine. Temperatures in °C and K, powers / base power, times in s.

    Two thermal nodes: the air, which the machine cycles, and behind it the structure (walls,
    floors), which takes half a day to follow. Of the air's exchange the share `to_structure` goes
    to the structure, the rest outdoors; of the structure's the share `indoors` goes to the air.

    `gain_k` and `sun_k` are how much warmer than outdoors people and sun would make the room
    in the long run without a machine; `pull_k` how much cooler the machine would, at 35 °C
    outdoors (warmer, at 0 °C). Power of a running compressor rises by 1.6 % a kelvin and its
    capacity falls by 0.8 %.

    Source: two nodes after VDI 6007-1, with capacities of ISO 13790, table 12 (light to medium:
    the building as a whole cools with 20 to 40 h); AHRI 210/240 rating tables for the compressor,
    EN 14511 for the heat pump. The shares, gains and setbacks are judgement, chosen within what
    offices have so that the bands hold in every month.
    """

    air: ThermalMass
    structure_tau_s: float
    compressor: float
    fan: float
    standby: float
    gain_k: float
    sun_k: float
    pull_k: float
    setback_k: float
    heat_setback_k: float
    always_ventilates: bool
    setpoint_c: float = 22.5
    to_structure: float = 0.65
    indoors: float = 0.9
    at_once: float = field(init=False)
    """What the air shows of a gain before the structure follows / what it shows in the long run."""
    paces: ByStep["Pace"] = field(init=False)

    def __attrs_post_init__(self) -> None:
        object.__setattr__(self, "at_once", 1.0 - self.to_structure * self.indoors)
        object.__setattr__(self, "paces", ByStep(self._pace))

    def _pace(self, dt_s: float) -> "Pace":
        ripple = relaxation(_RIPPLE_TAU_S, dt_s)
        follow = 1.0 - relaxation(self.structure_tau_s, dt_s).keep
        return Pace(ripple.keep, ripple.kick, ripple.steady, follow)

    def __deepcopy__(self, memo: object) -> "Plant":
        """Return itself: it never changes."""
        return self


class Pace(NamedTuple):
    """What a tick length does to the ripple of the power and to the structure."""

    keep: float
    kick: float
    steady: float
    follow: float


def _air(tau_h: float) -> ThermalMass:
    return ThermalMass(tau_h * 3600.0, on_at_k=0.6, off_at_k=-0.6, min_on_s=180.0, min_off_s=300.0)


ROOFTOP = Plant(
    air=_air(0.8),
    structure_tau_s=16.0 * 3600.0,
    compressor=0.81,
    fan=0.18,
    standby=0.012,
    gain_k=10.5,
    sun_k=4.0,
    pull_k=25.0,
    setback_k=5.0,
    heat_setback_k=12.0,
    always_ventilates=True,
)
HEAT_PUMP = Plant(
    air=_air(1.1),
    structure_tau_s=20.0 * 3600.0,
    compressor=0.93,
    fan=0.05,
    standby=0.008,
    gain_k=5.0,
    sun_k=4.0,
    pull_k=34.0,
    setback_k=2.0,
    heat_setback_k=3.0,
    always_ventilates=False,
)
SPLIT = Plant(
    air=_air(0.83),
    structure_tau_s=12.0 * 3600.0,
    compressor=0.94,
    fan=0.04,
    standby=0.004,
    gain_k=7.0,
    sun_k=5.0,
    pull_k=28.0,
    setback_k=5.0,
    heat_setback_k=8.0,
    always_ventilates=False,
)


@define(eq=False)
class Hvac:
    """One conditioned room. `room_c` and `setpoint_c` in °C."""

    noise: Noise
    spread: float
    plant: Plant
    thermostat: Thermostat
    setpoint_c: float
    room_c: float
    structure_c: float
    heats: bool | None = None
    ripple: float = 0.0
    load: float = 0.0
    ventilates: bool = False
    running: float = field(default=0.0, init=False)

    @classmethod
    def make(cls, noise: Noise, variation: float, plant: Plant = ROOFTOP) -> "Hvac":
        """Return a room near its setpoint, with the machine at rest."""
        spread = spread_of(variation)
        room_c = plant.setpoint_c + 0.3 * max(-1.5, min(1.5, spread * noise.gauss()))
        thermostat = Thermostat(plant.air, 0.0)
        return cls(noise, spread, plant, thermostat, plant.setpoint_c, room_c, room_c)

    def step(self, site: Conditions, dt_s: float) -> float:
        """See `Family.step`."""
        plant, thermostat, begin_c = self.plant, self.thermostat, self.room_c
        outdoor_c, occupied = site.outdoor_c, site.occupancy > _OCCUPIED
        if self.heats is None or site.now % 60.0 < dt_s:
            self._change_over(site.season_c, crowded=site.occupancy > _CROWDED)
        way = -1.0 if self.heats else 1.0
        hot_k = way * (outdoor_c - (0.0 if self.heats else 35.0))
        target_c = self.setpoint_c + self._setback_k(site.occupancy)
        thermostat.excess_k = way * (begin_c - target_c)
        pull_k = plant.at_once * plant.pull_k * (1.0 - 0.008 * hot_k)
        on = thermostat.advance(way * (self._rest_c(site) - target_c), pull_k, dt_s)
        self.room_c = target_c + way * thermostat.excess_k
        pace = plant.paces[dt_s]
        around_c = outdoor_c + plant.indoors * (0.5 * (begin_c + self.room_c) - outdoor_c)
        self.structure_c += (around_c - self.structure_c) * pace.follow
        return self._power(on, hot_k, occupied, pace)

    def _rest_c(self, site: Conditions) -> float:
        """Return what the air would settle at if the machine rested and the structure stayed."""
        plant, outdoor_c = self.plant, site.outdoor_c
        gain_k = plant.gain_k * site.occupancy + plant.sun_k * site.daylight
        over_k = self.structure_c - outdoor_c
        return outdoor_c + plant.to_structure * over_k + plant.at_once * gain_k

    def _setback_k(self, occupancy: float) -> float:
        if occupancy >= _SETBACK_FROM:
            return 0.0
        whole_k = -self.plant.heat_setback_k if self.heats else self.plant.setback_k
        return whole_k * min(1.0, (_SETBACK_FROM - occupancy) / (_SETBACK_FROM - _SETBACK_TO))

    def _power(self, on: float, hot_k: float, occupied: bool, pace: Pace) -> float:
        plant = self.plant
        self.running = on
        self.ventilates = occupied and plant.always_ventilates
        keep, kick, steady, _ = pace
        self.ripple = self.ripple * keep + kick * self.noise.gauss()
        fan = plant.fan * (1.0 if self.ventilates else on)
        lift = 1.0 + 0.016 * hot_k
        lift = lift if lift > 0.3 else 0.3
        compressor = plant.compressor * lift * (on + _START_LOSS * self.thermostat.starting)
        turning = (fan + compressor) * (1.0 + _RIPPLE * self.spread * steady * self.ripple)
        self.load = load = plant.standby + (turning if turning > 0.0 else 0.0)
        return load

    def _change_over(self, season_c: float, *, crowded: bool) -> None:
        low_c, high_c = _BOTH_MODES_C
        over_k = self.room_c - self.setpoint_c
        if self.heats is None or not low_c < season_c < high_c:
            self.heats = season_c < 0.5 * (low_c + high_c)
        elif crowded and abs(over_k) > _DEAD_BAND_K:
            self.heats = over_k < 0.0

    def power_factor(self) -> float:
        """See `Family.power_factor`: 0.85-0.96 running, 0.7 with the fan alone, 0.5 at standby."""
        if self.running > 0.0:
            return 0.85 + 0.11 * min(1.0, self.load)
        return 0.7 if self.ventilates else 0.5

    def apply(self, command: Command) -> Outcome:
        """See `Family.apply`."""
        if not isinstance(command, SetSetpoint):
            return Rejected(f"hvac has no {command.name}")
        self.setpoint_c = command.temperature
        return Applied()

    def extras(self) -> dict[str, float]:
        """See `HasExtras`."""
        return {"temperature": round(self.room_c, 1), "setpoint": self.setpoint_c}

    def settings(self) -> dict[str, Setting]:
        """See `Family.settings`."""
        return {"setpoint": self.setpoint_c}

    def restore(self, settings: Mapping[str, Setting]) -> None:
        """See `Family.restore`."""
        self.setpoint_c = read_setting(settings, "setpoint", SETPOINT_C, self.setpoint_c)


def _rooftop(noise: Noise, variation: float) -> Hvac:
    return Hvac.make(noise, variation, ROOFTOP)


def _heat_pump(noise: Noise, variation: float) -> Hvac:
    return Hvac.make(noise, variation, HEAT_PUMP)


def _split(noise: Noise, variation: float) -> Hvac:
    return Hvac.make(noise, variation, SPLIT)


TYPE = DeviceType.of_profiles(
    device_type="hvac",
    name="HVAC System",
    description="Holds a room at its setpoint with a cycling compressor; three-phase.",
    profiles=(
        Profile("rooftop", "A packaged rooftop unit of an office.", 25.0, 240.0, 3, _rooftop, 2.5),
        Profile("heat_pump", "An air-source heat pump of a house.", 8.0, 400.0, 3, _heat_pump, 2.5),
        Profile("split", "A split air conditioner of one room.", 2.5, 240.0, 1, _split, 2.5),
    ),
    own_commands=(SetSetpoint,),
)
