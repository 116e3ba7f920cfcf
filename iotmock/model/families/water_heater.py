"""Water heaters: a tank that people draw from, and a rod or a heat pump that holds it warm."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Annotated

from attrs import define, field, frozen

from iotmock.model.commands import Applied, Command, Outcome, Rejected
from iotmock.model.family import DeviceType, Family, Profile
from iotmock.model.numbers.by_step import ByStep, relaxation
from iotmock.model.numbers.noise import Noise
from iotmock.model.parts.flows.tank import (
    DAIRY,
    HOUSEHOLD,
    TAP_C,
    WASHING_HANDS,
    WH_PER_LITRE_K,
    Draws,
    Taps,
    cold_c,
)
from iotmock.model.parts.thermostat import ThermalMass, Thermostat
from iotmock.model.parts.zip_load import HEAT_PUMP, RESISTIVE, ZipLoad
from iotmock.model.quantities import quantity
from iotmock.model.site.site import Conditions, spread_of
from iotmock.model.spec import Setting, read_setting

WATER_C = (30.0, 70.0)
_STORED_C = (0.0, 100.0)
_LEGIONELLA_C = 65.0
"""DVGW W 551: now and then all of a tank is to be at 60 °C or more."""
_AMBIENT_C = 17.0
_LEAST_COP = 1.0
_ONE_PHASE_KW = 4.6
_PEAK = 1.25
"""A rod at 109 % of its voltage takes 119 % of its power."""
_RIPPLE = 0.04
"""Of the standby; of the heater a tenth of it."""


def _steady(dt_s: float) -> float:
    return relaxation(30.0, dt_s).steady


_STEADY = ByStep(_steady)


class SetWaterTemperature(Command, frozen=True):
    """Set the temperature of the water, in °C."""

    name = "set_water_temperature"
    temperature: Annotated[float, quantity(WATER_C, "°C", "water temperature")]


class StartHeating(Command, frozen=True):
    """Heat the tank up now, once."""

    name = "start_heating"


@frozen(eq=False)
class Boiler:
    """A tank and its heater. kW, litres, W/K, °C and K.

    `cop` is heat / electricity at 15 °C air and 50 °C water, `cop_per_k` what a kelvin of warmer
    air adds; 1 and 0 are a rod.

    Sources: standing losses of 0.8 to 1.8 kWh a day (ErP label B to C, EU 812/2013); heat pumps
    with a COP of 3 to 3.5 at A15/W55 (EN 16147 test reports, Keymark).
    """

    rated_kw: float
    litres: float
    loss_w_k: float
    setpoint_c: float
    hysteresis_k: float
    cop: float = 1.0
    cop_per_k: float = 0.0
    standby: float = 0.0008
    draws: Draws = HOUSEHOLD
    at_work: bool = False
    mass: ThermalMass = field(init=False)

    def __attrs_post_init__(self) -> None:
        tau_s = 3600.0 * self.litres * WH_PER_LITRE_K / self.loss_w_k
        mass = ThermalMass(tau_s, self.hysteresis_k, 0.0, min_on_s=60.0, min_off_s=30.0)
        object.__setattr__(self, "mass", mass)

    def __deepcopy__(self, memo: object) -> "Boiler":
        """Return itself: it never changes."""
        return self


@define(eq=False)
class WaterHeater:
    """One tank. `thermostat.excess_k` is how far the water is below where the heater stops.

    `scrubs_on` is the weekday on which it is heated against legionella, `scrubbed` the last day
    on which it was.
    """

    boiler: Boiler
    taps: Taps
    thermostat: Thermostat
    setpoint_c: float
    scrubs_on: int
    scrubs_at_h: float
    worn: float
    ambient_c: float
    noise: Noise
    scrubbed: int = 0
    raised_k: float = 0.0
    power: float = 0.0

    @classmethod
    def make(cls, noise: Noise, variation: float, boiler: Boiler) -> "WaterHeater":
        """Return a tank somewhere in its cycle."""
        spread = min(1.5, spread_of(variation))
        somewhere = boiler.hysteresis_k * (0.5 + 0.3 * spread * (2.0 * noise.uniform() - 1.0))
        setpoint_c = boiler.setpoint_c + 3.0 * spread * max(-2.0, min(2.0, noise.gauss()))
        setpoint_c = max(WATER_C[0], min(WATER_C[1], setpoint_c))
        return cls(
            boiler,
            Taps.make(boiler.draws, noise.branch(), spread),
            Thermostat(boiler.mass, somewhere),
            round(setpoint_c),
            int(7.0 * spread * noise.uniform()) % 7,
            2.0 + min(1.0, spread) * noise.uniform(),
            1.0 - 0.04 * spread * noise.uniform(),
            _AMBIENT_C + 2.0 * spread * max(-2.0, min(2.0, noise.gauss())),
            noise,
        )

    def step(self, site: Conditions, dt_s: float) -> float:
        """See `Family.step`."""
        if self.raised_k or (site.day.weekday == self.scrubs_on and site.hour >= self.scrubs_at_h):
            self._scrub(site.day.number)
        people = site.occupancy if self.boiler.at_work else site.at_home * site.day.home
        rest_k = self.setpoint_c + self.raised_k - self.ambient_c
        pull_k = self._pull_k(site.outdoor_c)
        left_s, on_s = dt_s, 0.0
        while True:
            until_s = self.taps.until_s(people)
            span_s = left_s if left_s < until_s else max(0.0, until_s)
            share = self.thermostat.advance(rest_k, pull_k, span_s)
            on_s += share * span_s
            self.taps.go_on(people, span_s)
            left_s -= span_s
            if until_s > span_s or (left_s <= 0.0 and not dt_s):
                break
            self._draw(site)
        running = on_s / dt_s if dt_s else share
        ripple = _RIPPLE * self.taps.spread * _STEADY[dt_s] * self.noise.gauss()
        power = running * self.worn * (1.0 - self.boiler.standby) * (1.0 + 0.1 * ripple)
        self.power = power = power + self.boiler.standby * max(0.0, 1.0 + ripple)
        return power

    def _pull_k(self, outdoor_c: float) -> float:
        boiler = self.boiler
        cop = boiler.cop + boiler.cop_per_k * (outdoor_c - 15.0)
        heat_w = 1000.0 * boiler.rated_kw * max(_LEAST_COP, cop)
        return heat_w / boiler.loss_w_k

    def _draw(self, site: Conditions) -> None:
        """Take water out; as much comes in cold. It mixes, which a tank does in the end."""
        water_c = self.water_c
        cold = cold_c(date.fromordinal(site.day.number).timetuple().tm_yday)
        litres = self.taps.draw()
        hot = min(1.0, (TAP_C - cold) / (water_c - cold)) if water_c > cold else 1.0
        share = min(0.9, litres * hot / self.boiler.litres)
        self.thermostat.excess_k += share * (water_c - cold)

    def _scrub(self, today: int) -> None:
        """Begin to heat against legionella, or end it once the water was hot enough."""
        thermostat = self.thermostat
        if self.raised_k:
            if not thermostat.running and thermostat.excess_k < self.boiler.hysteresis_k:
                thermostat.excess_k -= self.raised_k
                self.raised_k = 0.0
        elif self.scrubbed != today:
            self.scrubbed = today
            self.raised_k = max(0.0, _LEGIONELLA_C - self.setpoint_c)
            thermostat.excess_k += self.raised_k

    @property
    def water_c(self) -> float:
        """Temperature of the water, °C."""
        return self.setpoint_c + self.raised_k - self.thermostat.excess_k

    def power_factor(self) -> float:
        """See `Family.power_factor`: a rod is resistive, a compressor is not."""
        if self.power <= 2.0 * self.boiler.standby:
            return 0.5
        return 0.999 if self.boiler.cop <= 1.0 else 0.93

    def apply(self, command: Command) -> Outcome:
        """See `Family.apply`."""
        match command:
            case SetWaterTemperature(temperature=temperature):
                self.thermostat.excess_k += temperature - self.setpoint_c
                self.setpoint_c = temperature
            case StartHeating():
                if self.thermostat.running or self.thermostat.excess_k <= 0.0:
                    return Rejected("the water is hot, or being heated")
                self.thermostat.running, self.thermostat.locked_s = True, 0.0
            case _:
                return Rejected(f"water_heater has no {command.name}")
        return Applied()

    def extras(self) -> dict[str, float]:
        """See `HasExtras`."""
        return {"temperature": round(self.water_c, 1), "setpoint": self.setpoint_c}

    def settings(self) -> dict[str, Setting]:
        """See `Family.settings`: what commands set, and how warm the water is."""
        return {"water_temperature": self.setpoint_c, "stored_c": round(self.water_c, 2)}

    def restore(self, settings: Mapping[str, Setting]) -> None:
        """See `Family.restore`."""
        set_c = read_setting(settings, "water_temperature", WATER_C, self.setpoint_c)
        self.thermostat.excess_k += set_c - self.setpoint_c
        self.setpoint_c = set_c
        if "stored_c" in settings:
            stored_c = read_setting(settings, "stored_c", _STORED_C, set_c)
            self.thermostat.excess_k = set_c - stored_c


def _of(boiler: Boiler) -> Callable[[Noise, float], Family]:
    def build(noise: Noise, variation: float) -> WaterHeater:
        return WaterHeater.make(noise, variation, boiler)

    return build


_HOME = Boiler(2.0, 150.0, 1.5, 58.0, 6.0)
_HEAT_PUMP = Boiler(0.55, 250.0, 1.9, 50.0, 5.0, 3.2, 0.05, 0.008)
_FARM = Boiler(6.0, 500.0, 3.0, 62.0, 8.0, draws=DAIRY)
_SHOP = Boiler(2.0, 30.0, 0.7, 60.0, 5.0, draws=WASHING_HANDS, at_work=True)


def _profile(name: str, about: str, boiler: Boiler, load: ZipLoad = RESISTIVE) -> Profile:
    volts, phases = (240.0, 1) if boiler.rated_kw <= _ONE_PHASE_KW else (400.0, 3)
    return Profile(
        name, about, boiler.rated_kw, volts, phases, _of(boiler), _PEAK, drifts=True, zip_load=load
    )


TYPE = DeviceType.of_profiles(
    device_type="water_heater",
    name="Water Heater",
    description="A tank that people draw hot water from; a rod or a heat pump keeps it warm.",
    profiles=(
        _profile("home", "150 l and a rod.", _HOME),
        _profile("heat_pump", "250 l and a heat pump.", _HEAT_PUMP, HEAT_PUMP),
        _profile("shop", "30 l under a sink.", _SHOP),
        _profile("farm", "500 l for a dairy.", _FARM),
    ),
    own_commands=(SetWaterTemperature, StartHeating),
)
