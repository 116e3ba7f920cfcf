"""HVAC: a room, a thermostat with hysteresis, a compressor."""

from collections.abc import Mapping
from typing import Annotated

from attrs import define, field, frozen
from msgspec import Meta

from iotmock.model.by_step import ByStep, Relaxation, relaxation
from iotmock.model.commands import Applied, Command, Outcome, Rejected
from iotmock.model.family import DeviceType, Profile
from iotmock.model.noise import Noise
from iotmock.model.site import Conditions, spread_of
from iotmock.model.spec import Setting
from iotmock.model.thermostat import ThermalMass, Thermostat

_RIPPLE = 0.012
_OCCUPIED = 0.15
"""Presence from which the day's setpoint holds; the few of a weekend do not count."""
_START_LOSS = 0.08
_COOLS_ABOVE_C = 10.0
_SEASON_BAND_K = 1.0


class SetSetpoint(Command, frozen=True):
    """Set the room temperature that the thermostat holds, in °C."""

    name = "set_setpoint"
    temperature: Annotated[float, Meta(ge=5, le=35, description="room temperature, °C")]


def _ripple(dt_s: float) -> Relaxation:
    return relaxation(20.0, dt_s)


_RIPPLES = ByStep(_ripple)


@frozen(eq=False)
class Plant:
    """A room and its machine. Temperatures in °C and K, powers / base power, times in s.

    `gain_k` and `sun_k` are how much warmer than outdoors people and sun would make the room
    without a machine; `pull_k` how much cooler the machine would, at 35 °C outdoors. Power of a
    running compressor rises by 1.6 % a kelvin and its capacity falls by 0.8 %.

    Source: time constants and gains of light office rooms, ISO 13790 annex C (class "very light");
    compressor coefficients from AHRI 210/240 rating tables; EN 14511 for the heat pump.
    """

    mass: ThermalMass
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

    def __deepcopy__(self, memo: object) -> "Plant":
        """Return itself: it never changes."""
        return self


def _room(tau_h: float) -> ThermalMass:
    return ThermalMass(tau_h * 3600.0, on_at_k=0.6, off_at_k=-0.6, min_on_s=180.0, min_off_s=300.0)


ROOFTOP = Plant(
    mass=_room(3.0),
    compressor=0.84,
    fan=0.15,
    standby=0.012,
    gain_k=9.0,
    sun_k=4.0,
    pull_k=30.0,
    setback_k=5.0,
    heat_setback_k=16.0,
    always_ventilates=True,
)
HEAT_PUMP = Plant(
    mass=_room(3.5),
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
    mass=_room(2.0),
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
        thermostat = Thermostat(plant.mass, 0.0)
        return cls(noise, spread, plant, thermostat, plant.setpoint_c, room_c)

    def step(self, site: Conditions, dt_s: float) -> float:
        """See `Family.step`."""
        plant, thermostat = self.plant, self.thermostat
        if self.heats is None or site.now % 60.0 < dt_s:
            self._follow_season(site.season_c)
        occupied = site.occupancy > _OCCUPIED
        way = -1.0 if self.heats else 1.0
        target_c = self.setpoint_c if occupied else self._setback_c()
        free_c = site.outdoor_c + plant.gain_k * site.occupancy + plant.sun_k * site.daylight
        thermostat.excess_k = way * (self.room_c - target_c)
        hot_k = way * (site.outdoor_c - (0.0 if self.heats else 35.0))
        on = thermostat.advance(way * (free_c - target_c), plant.pull_k * (1 - 0.008 * hot_k), dt_s)
        self.room_c = target_c + way * thermostat.excess_k
        return self._power(on, hot_k, occupied, dt_s)

    def _setback_c(self) -> float:
        plant = self.plant
        return self.setpoint_c + (-plant.heat_setback_k if self.heats else plant.setback_k)

    def _power(self, on: float, hot_k: float, occupied: bool, dt_s: float) -> float:
        plant = self.plant
        self.running = on
        self.ventilates = occupied and plant.always_ventilates
        pace = _RIPPLES[dt_s]
        self.ripple = self.ripple * pace.keep + pace.kick * self.noise.gauss()
        fan = plant.fan * (1.0 if self.ventilates else on)
        lift = max(0.3, 1.0 + 0.016 * hot_k)
        compressor = plant.compressor * lift * (on + _START_LOSS * self.thermostat.starting)
        turning = (fan + compressor) * (1.0 + _RIPPLE * self.spread * pace.steady * self.ripple)
        self.load = plant.standby + max(0.0, turning)
        return self.load

    def _follow_season(self, season_c: float) -> None:
        cool = _COOLS_ABOVE_C + (_SEASON_BAND_K if self.heats else -_SEASON_BAND_K)
        self.heats = season_c < cool

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

    def settings(self) -> dict[str, Setting]:
        """See `Family.settings`."""
        return {"setpoint": self.setpoint_c}

    def restore(self, settings: Mapping[str, Setting]) -> None:
        """See `Family.restore`."""
        self.setpoint_c = float(settings.get("setpoint", self.setpoint_c))


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
