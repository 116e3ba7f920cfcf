"""An air-source heat pump of a house: it modulates, defrosts, and heats water, too."""

from attrs import define, field, frozen

from iotmock.model.numbers.by_step import ByStep
from iotmock.model.numbers.noise import Noise
from iotmock.model.numbers.traits import Traits
from iotmock.model.parts.climate.frost import Frost, frosting
from iotmock.model.parts.climate.hot_water import HotWater
from iotmock.model.parts.climate.masses import follow_of, mass_of
from iotmock.model.parts.climate.setpoint import HasSetpoint
from iotmock.model.parts.thermostat import Thermostat
from iotmock.model.parts.zone import ZoneDay, ZoneHabits
from iotmock.model.site.site import Conditions, spread_of

_RATED_C = 7.0
_HEAT_PER_K = 0.025
_INPUT_PER_K = 0.04 / 14.0
"""Heat and input of a pump at full speed, relative to 7 °C: at -7 °C 0.65 and 0.96 are left.

Source: Keymark, the 24 on/off air/water pumps listed, with 35 °C water (hplib's data base); the
367 that modulate do the same at full speed.
"""
_LEAST_HEAT = 0.2
_PART_LOAD = 0.25
"""What is saved at low speed: Keymark's modulating pumps have a COP at 7 °C a fifth above those
that switch."""
_HOT_WATER = 1.2
"""Input at full speed with water of 50 °C / 35 °C (Keymark, medium temperature)."""
_MELTING = 0.55
"""Input while the circuit is reversed to melt the coil / full speed."""
_COP_7 = 4.2
_RIPPLE = 0.01
_QUIET = 0.03
_BAND_K = 15.0
"""How far the heating water would cool out, or warm up, without an end to a cycle."""
_HURRY = 3.0
"""Heat asked for one kelvin that the room lacks / lost by a kelvin between indoors and outdoors."""
_COOLS_ABOVE_K = 1.5
_HEATING_LIMIT_C = 15.0
_CRANKCASE_C = 10.0


def full_heat(outdoor_c: float) -> float:
    """Return the heat of a pump at full speed / that at 7 °C."""
    heat = 1.0 + _HEAT_PER_K * (outdoor_c - _RATED_C)
    return heat if heat > _LEAST_HEAT else _LEAST_HEAT


def full_input(outdoor_c: float) -> float:
    """Return the electric power of a pump at full speed / that at 7 °C."""
    return 1.0 + _INPUT_PER_K * (outdoor_c - _RATED_C)


@frozen(weakref_slot=False)
class House:
    """One house and its pump, for life. Powers / base power, heat / that of the pump at 7 °C.

    `loses` is the heat lost for each kelvin between indoors and outdoors: pumps are chosen so that
    they alone are enough down to -4 to -12 °C. `least` is the lowest speed / full speed.

    Source: bivalence points of German installations (Fraunhofer ISE, "WPsmart im Bestand", 2020),
    which also has the backup heater at 1 to 3 % of the energy; time constants of ISO 13790, table
    12; nine of ten listed pumps modulate, down to a quarter or third (Keymark).
    """

    follow: ByStep[float]
    loses: float
    gains: float
    sun: float
    least: float
    compressor: float
    backup: float
    standby: float
    circulation: float
    crankcase: float
    night_k: float
    night_from_h: float
    night_until_h: float
    cools: bool
    power_factor: float

    @classmethod
    def drawn(cls, traits: Traits) -> "House":
        """Return one house."""
        enough_to_c = traits.about(-8.0, 3.0, -14.0, -2.0)
        loses = full_heat(enough_to_c) / (20.0 - enough_to_c)
        return cls(
            follow_of(traits.times(45.0 * 3600.0, 0.35)),
            loses,
            gains=loses * traits.times(3.0, 0.25),
            sun=loses * traits.times(3.0, 0.4),
            least=traits.about(0.3, 0.05, 0.2, 0.45) if traits.is_one(0.9) else 1.0,
            compressor=0.93 * traits.about(1.0, 0.05, 0.85, 1.1),
            backup=traits.about(0.6, 0.15, 0.3, 0.9),
            standby=traits.times(0.004, 0.4),
            circulation=traits.times(0.005, 0.3),
            crankcase=traits.times(0.006, 0.4) if traits.among(0.6) else 0.0,
            night_k=traits.times(2.0, 0.4) if traits.is_one(0.6) else 0.0,
            night_from_h=traits.about(22.3, 0.7, 20.5, 23.9),
            night_until_h=traits.about(5.5, 0.8, 3.5, 8.0),
            cools=traits.among(0.25),
            power_factor=traits.about(0.96, 0.015, 0.9, 0.99),
        )

    def __deepcopy__(self, memo: object) -> "House":
        """Return itself: it never changes."""
        return self


@define(eq=False, weakref_slot=False)
class HeatPump(HasSetpoint):
    """One house with its pump. `room_c` and `setpoint_c` in °C.

    `thermostat` is that of the heating water: below its lowest speed the pump switches.
    """

    noise: Noise
    house: House
    zone: ZoneDay
    thermostat: Thermostat
    water: HotWater
    frost: Frost
    setpoint_c: float
    room_c: float
    ripple: float = 0.0
    load: float = 0.0
    running: float = field(default=0.0, init=False)

    @classmethod
    def make(cls, noise: Noise, variation: float) -> "HeatPump":
        """Return a house near its setpoint, with the pump at rest."""
        spread = spread_of(variation)
        traits = Traits(noise.branch(), spread)
        house = House.drawn(traits)
        water = mass_of(traits.times(1800.0, 0.3), traits.about(3.0, 0.6, 1.5, 5.0), 360.0, 480.0)
        setpoint_c = 0.5 * round(2.0 * traits.about(21.0, 0.8, 18.0, 23.5))
        frost = Frost(noise.branch(), spread, traits.times(3000.0, 0.25), traits.times(300.0, 0.25))
        return cls(
            noise,
            house,
            ZoneDay(ZoneHabits.of_home(traits), spread),
            Thermostat(water, 0.0),
            HotWater.make(traits),
            frost,
            setpoint_c,
            setpoint_c + 0.3 * traits.deviation(),
        )

    def step(self, site: Conditions, dt_s: float) -> float:
        """See `Family.step`."""
        house, outdoor_c = self.house, site.outdoor_c
        people = self.zone.at(site.day, site.hour)
        most = full_heat(outdoor_c)
        hot = self.water.advance(site, most, dt_s)
        wanted, cools = self._wanted(site, people)
        speed = wanted / most
        speed = house.least if speed < house.least else speed if speed < 1.0 else 1.0
        at_least = wanted / (most * house.least)
        rest_k = _BAND_K * (at_least if at_least < 2.0 else 2.0)
        on = self.thermostat.advance(rest_k, _BAND_K, dt_s) * (1.0 - hot)
        melted = 0.0
        if dt_s > 0.0 and not cools:
            melted = self.frost.advance((on + hot) * dt_s, frosting(outdoor_c)) / dt_s
        backup = wanted - most if wanted > most else 0.0
        backup = backup if backup < house.backup / _COP_7 else house.backup / _COP_7
        heat = (on - melted) * speed * most + backup * (1.0 - hot)
        self._warm(site, -heat if cools else heat, people, dt_s)
        return self._power(site, on, hot, melted, speed, backup * _COP_7)

    def _wanted(self, site: Conditions, people: float) -> tuple[float, bool]:
        """Return the heat that the house asks for, and whether it is cold instead."""
        house, hour = self.house, site.hour
        target_c = self.setpoint_c
        if hour >= house.night_from_h or hour < house.night_until_h or site.day.away:
            target_c -= house.night_k
        lacks_k = target_c - self.room_c
        free = house.gains * people + house.sun * site.daylight
        loses = house.loses * (target_c - site.outdoor_c) - free
        wanted = loses + _HURRY * house.loses * lacks_k
        if site.season_c < _HEATING_LIMIT_C:
            return (wanted if wanted > 0.0 else 0.0), False
        if not house.cools or lacks_k > -_COOLS_ABOVE_K:
            return 0.0, True
        warmer_k = -lacks_k - _COOLS_ABOVE_K
        return house.loses * _HURRY * warmer_k + 0.02, True

    def _warm(self, site: Conditions, heat: float, people: float, dt_s: float) -> None:
        house = self.house
        free = house.gains * people + house.sun * site.daylight
        end_c = site.outdoor_c + (heat + free) / house.loses
        self.room_c += (end_c - self.room_c) * house.follow[dt_s]

    def _power(
        self, site: Conditions, on: float, hot: float, melted: float, speed: float, backup: float
    ) -> float:
        house = self.house
        self.running = busy = on + hot
        quiet = house.standby * (1.0 + _QUIET * self.zone.restless)
        if site.season_c < _HEATING_LIMIT_C:
            quiet += house.circulation
        if house.crankcase and site.outdoor_c < _CRANKCASE_C:
            quiet += house.crankcase * (1.0 - busy)
        turning = 0.0
        if busy > 0.0:
            part = speed * (1.0 - _PART_LOAD * (1.0 - speed))
            work = on * part + hot * _HOT_WATER
            work += melted * (_MELTING - work / busy)
            turning = house.compressor * full_input(site.outdoor_c) * work
            turning *= 1.0 + _RIPPLE * self.zone.spread * self.noise.gauss()
        turning += backup * (1.0 - hot)
        self.load = load = quiet + (turning if turning > 0.0 else 0.0)
        return load

    def power_factor(self) -> float:
        """See `Family.power_factor`: an inverter's is good at any speed, at standby 0.5."""
        if self.running > 0.0:
            return self.house.power_factor - 0.06 * (1.0 - min(1.0, self.load))
        return 0.5
