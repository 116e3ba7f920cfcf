"""HVAC: a room, a thermostat with hysteresis, a compressor."""

from attrs import define, field

from iotmock.model.family import DeviceType, Profile
from iotmock.model.numbers.by_step import ByStep, Relaxation, relaxation
from iotmock.model.numbers.noise import Noise
from iotmock.model.numbers.shared import shared
from iotmock.model.numbers.traits import Traits
from iotmock.model.parts.climate.computer_room import ComputerRoom
from iotmock.model.parts.climate.heat_pump import HeatPump
from iotmock.model.parts.climate.machine import (
    AT_ONCE,
    INDOORS,
    ROOFTOP,
    SPLIT,
    TO_STRUCTURE,
    Kind,
    Machine,
)
from iotmock.model.parts.climate.setpoint import HasSetpoint, SetSetpoint
from iotmock.model.parts.thermostat import Thermostat
from iotmock.model.parts.zip_load import AIR_CONDITIONER
from iotmock.model.parts.zip_load import HEAT_PUMP as HEAT_PUMP_LOAD
from iotmock.model.parts.zone import ZoneDay, ZoneHabits
from iotmock.model.site.site import Conditions, spread_of

_RIPPLE_TAU_S = 20.0
_QUIET = 0.007
"""How far the standby wanders from hour to hour."""
_START_LOSS = 0.08
_INRUSH_S = 3.0
"""Energy of a start, as seconds at full power: locked rotor, six times the current for 0.3 to 0.6 s
(compressor data sheets), shows as 1.6 in a mean over 5 s (tracebase, compressors of fridges)."""
_BOTH_MODES_C = (5.0, 15.0)
"""Outdoor temperatures between which a machine may heat in the morning and cool in the afternoon;
below it only heats, above it only cools."""
_DEAD_BAND_K = 1.5
"""How far from its setpoint a room must be before the machine changes over (ASHRAE 90.1: 3 K from
heating to cooling)."""
_PART_LOAD = 0.25
"""What an inverter saves at low speed: its exchangers are large then (EN 14825, part loads)."""
_CRANKCASE_C = 18.0
"""Outdoor temperature below which oil is kept warm."""

_LONG_S, _MOST_PIECES = 300.0, 96
"""A longer tick goes piece by piece: people come and go in it, and setpoints slide."""

SETPOINT_USUAL_C = 22.5


def _ripple(dt_s: float) -> Relaxation:
    return relaxation(_RIPPLE_TAU_S, dt_s)


_RIPPLES = ByStep(_ripple)


@define(eq=False, weakref_slot=False)
class Hvac(HasSetpoint):
    """One conditioned room. `room_c` and `setpoint_c` in °C."""

    noise: Noise
    machine: Machine
    zone: ZoneDay
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
    def make(cls, noise: Noise, variation: float, kind: Kind = ROOFTOP) -> "Hvac":
        """Return a room near its setpoint, with the machine at rest."""
        spread = spread_of(variation)
        traits = Traits(noise.branch(), spread)
        machine = Machine.drawn(traits, kind)
        at_home = traits.among(kind.home)
        habits = ZoneHabits.of_home(traits) if at_home else ZoneHabits.of_floor(traits)
        setpoint_c = shared(0.5 * round(2.0 * traits.about(SETPOINT_USUAL_C, 0.6, 20.5, 24.0)))
        room_c = setpoint_c + 0.3 * traits.deviation()
        thermostat = Thermostat(machine.air, 0.0)
        zone = ZoneDay(habits, spread)
        return cls(noise, machine, zone, thermostat, setpoint_c, room_c, room_c)

    def step(self, site: Conditions, dt_s: float) -> float:
        """See `Family.step`."""
        if dt_s <= _LONG_S:
            return self._advance(site, site.hour, dt_s)
        count = min(_MOST_PIECES, int(dt_s / _LONG_S) + 1)
        piece_s = dt_s / count
        hour, total = site.hour - (dt_s - piece_s) / 7200.0, 0.0
        for _ in range(count):
            total += self._advance(site, hour, piece_s)
            hour += piece_s / 3600.0
        self.load = total / count
        return self.load

    def _advance(self, site: Conditions, hour: float, dt_s: float) -> float:
        machine, thermostat, begin_c = self.machine, self.thermostat, self.room_c
        people, outdoor_c = self.zone.at(site.day, hour), site.outdoor_c
        schedule = machine.schedule
        released = schedule.released(self.zone, hour)
        if self.heats is None or site.now % 60.0 < dt_s:
            self._change_over(site.season_c, held=released == 0.0)
        heats = self.heats
        way = -1.0 if heats else 1.0
        hot_k = way * (outdoor_c - (0.0 if heats else 35.0))
        setback_k = -schedule.heat_k if heats else schedule.cool_k
        target_c = self.setpoint_c + setback_k * released
        thermostat.excess_k = way * (begin_c - target_c)
        rest_k = way * (self._rest_c(site, people) - target_c)
        full_k = AT_ONCE * machine.pull_k * (1.0 - 0.008 * hot_k)
        speed = self._speed((rest_k + thermostat.excess_k) / full_k)
        on = thermostat.advance(rest_k, full_k * speed, dt_s)
        self.room_c = target_c + way * thermostat.excess_k
        around_c = outdoor_c + INDOORS * (0.5 * (begin_c + self.room_c) - outdoor_c)
        self.structure_c += (around_c - self.structure_c) * machine.follow[dt_s]
        self.ventilates = released == 0.0 or machine.by_night
        lift = 1.0 + 0.016 * hot_k
        return self._power(site, on, speed, lift if lift > 0.3 else 0.3, dt_s)

    def _rest_c(self, site: Conditions, people: float) -> float:
        """Return what the air would settle at if the machine rested and the structure stayed."""
        machine, outdoor_c = self.machine, site.outdoor_c
        gain_k = machine.gain_k * people + machine.sun_k * site.daylight
        over_k = self.structure_c - outdoor_c
        return outdoor_c + TO_STRUCTURE * over_k + AT_ONCE * gain_k

    def _speed(self, wanted: float) -> float:
        least = self.machine.least
        return least if wanted < least else wanted if wanted < 1.0 else 1.0

    def _power(self, site: Conditions, on: float, speed: float, lift: float, dt_s: float) -> float:
        machine, thermostat = self.machine, self.thermostat
        self.running = on
        quiet = machine.standby * (1.0 + _QUIET * self.zone.restless)
        keep, kick, _, steady = _RIPPLES[dt_s]
        self.ripple = self.ripple * keep + kick * self.noise.gauss()
        fresh = machine.ventilates if self.ventilates else 0.0
        turning = machine.fan * (on + (1.0 - on) * fresh)
        if on > 0.0:
            working = on + _START_LOSS * thermostat.starting
            if speed < 1.0:
                working *= speed * (1.0 - _PART_LOAD * (1.0 - speed))
            elif thermostat.starts and machine.least == 1.0 and dt_s > 0.0:
                working += _INRUSH_S * thermostat.starts / dt_s
            turning += machine.compressor * lift * working
        if machine.crankcase and site.outdoor_c < _CRANKCASE_C:
            quiet += machine.crankcase * (1.0 - on)
        turning *= 1.0 + machine.ripple * steady * self.ripple
        self.load = load = quiet + (turning if turning > 0.0 else 0.0)
        return load

    def _change_over(self, season_c: float, *, held: bool) -> None:
        low_c, high_c = _BOTH_MODES_C
        over_k = self.room_c - self.setpoint_c
        if self.heats is None or not low_c < season_c < high_c:
            self.heats = season_c < 0.5 * (low_c + high_c)
        elif held and abs(over_k) > _DEAD_BAND_K:
            self.heats = over_k < 0.0

    def power_factor(self) -> float:
        """See `Family.power_factor`: 0.85-0.96 running, 0.7 with the fan alone, 0.5 at standby."""
        if self.running > 0.0:
            return self.machine.power_factor - 0.11 * (1.0 - min(1.0, self.load))
        return 0.7 if self.ventilates and self.machine.ventilates else 0.5

    def extras(self) -> dict[str, float]:
        """See `HasExtras`."""
        return {"temperature": round(self.room_c, 1), "setpoint": self.setpoint_c}


def _rooftop(noise: Noise, variation: float) -> Hvac:
    return Hvac.make(noise, variation, ROOFTOP)


def _heat_pump(noise: Noise, variation: float) -> HeatPump:
    return HeatPump.make(noise, variation)


def _split(noise: Noise, variation: float) -> Hvac:
    return Hvac.make(noise, variation, SPLIT)


TYPE = DeviceType.of_profiles(
    device_type="hvac",
    name="HVAC System",
    description="Holds a room at its setpoint with a cycling compressor; three-phase.",
    profiles=(
        Profile(
            "rooftop",
            "A packaged rooftop unit of an office.",
            25.0,
            240.0,
            3,
            _rooftop,
            2.5,
            zip_load=AIR_CONDITIONER,
        ),
        Profile(
            "heat_pump",
            "An air-source heat pump of a house.",
            8.0,
            400.0,
            3,
            _heat_pump,
            2.5,
            zip_load=HEAT_PUMP_LOAD,
        ),
        Profile(
            "split",
            "A split air conditioner of one room.",
            2.5,
            240.0,
            1,
            _split,
            2.5,
            zip_load=AIR_CONDITIONER,
        ),
        Profile(
            "computer_room",
            "One cooling unit of a data centre, which never rests.",
            45.0,
            400.0,
            3,
            ComputerRoom.make,
            1.3,
        ),
    ),
    own_commands=(SetSetpoint,),
)
