"""Sensors of the site: what they measure is in `READING=full`; their power is their own."""

from collections.abc import Callable, Mapping

from attrs import define

from iotmock.model.commands import Command, Outcome, Rejected
from iotmock.model.family import DeviceType, Family, Profile
from iotmock.model.numbers.noise import Noise
from iotmock.model.parts.flows.price import prices
from iotmock.model.site.site import Conditions, spread_of
from iotmock.model.site.sun.clouds import PASSING
from iotmock.model.spec import Setting

_OWN = 0.3
"""What its electronics and radio draw / 1 W."""
_RIPPLE = 0.02
_RATED_KW = 0.001
_KELVIN_OFF = 0.2
"""Standard deviation of a thermometer's error, K (IEC 60751, class B: 0.4 K at most near 20 °C)."""
_GAIN_OFF = 0.02
"""Of a pyranometer of class C (ISO 9060), and of a counter of people."""

Look = Callable[["Sensor", Conditions, float], float]


@define(eq=False)
class Sensor:
    """One sensor. `value` is what it measured last, `quantity` its name in a full reading.

    `error` is what is wrong with it for life: a standard normal number, times the spread.
    """

    quantity: str
    look: Look
    noise: Noise
    spread: float
    error: float
    value: float = 0.0

    def step(self, site: Conditions, dt_s: float) -> float:
        """See `Family.step`."""
        self.value = self.look(self, site, dt_s)
        share = _OWN * (1.0 + _RIPPLE * self.spread * self.noise.gauss())
        return share if share > 0.0 else 0.0

    def power_factor(self) -> float:
        """See `Family.power_factor`: a small power supply."""
        return 0.5

    def apply(self, command: Command) -> Outcome:
        """See `Family.apply`."""
        return Rejected(f"sensor has no {command.name}")

    def extras(self) -> dict[str, float]:
        """See `HasExtras`."""
        return {self.quantity: round(self.value, 4 if self.quantity == "price" else 1)}

    def settings(self) -> dict[str, Setting]:
        """See `Family.settings`."""
        return {}

    def restore(self, settings: Mapping[str, Setting]) -> None:
        """See `Family.restore`: nothing is set."""


def _temperature(sensor: Sensor, site: Conditions, _dt_s: float) -> float:
    return site.outdoor_c + _KELVIN_OFF * sensor.error


def _irradiance(sensor: Sensor, site: Conditions, dt_s: float) -> float:
    """Return what a horizontal plane gets, W/m²."""
    sunlight = site.sunlight
    light = sunlight.at(site.now)
    if light.up <= 0.0 or not light.shine:
        return light.diffuse * (1.0 + _GAIN_OFF * sensor.error)
    gap = 1.0 + (sunlight.gap / light.shine - 1.0) * PASSING[dt_s]
    return (light.diffuse + light.beam * light.up * gap) * (1.0 + _GAIN_OFF * sensor.error)


def _occupancy(sensor: Sensor, site: Conditions, _dt_s: float) -> float:
    """Return the share of people who are at work, percent."""
    return min(100.0, 100.0 * site.occupancy * (1.0 + _GAIN_OFF * sensor.error))


def _price(sensor: Sensor, site: Conditions, _dt_s: float) -> float:
    """Return the price of a kWh."""
    price = prices(site.day, sensor.spread).by_hour[int(site.hour) % 24]
    return price * site.price_level


def _profile(quantity: str, about: str, look: Look) -> Profile:
    def build(noise: Noise, variation: float) -> Family:
        spread = spread_of(variation)
        error = spread * max(-2.0, min(2.0, noise.gauss()))
        return Sensor(quantity, look, noise, spread, error)

    return Profile(quantity, about, _RATED_KW, 240.0, 1, build, 0.6)


TYPE = DeviceType.of_profiles(
    device_type="sensor",
    name="Sensor",
    description="A sensor of its site; READING=full has what it measures, power is its own.",
    profiles=(
        _profile("temperature", "Outdoor temperature, °C.", _temperature),
        _profile("irradiance", "Sun and sky on a horizontal plane, W/m².", _irradiance),
        _profile("occupancy", "People at work, percent of all.", _occupancy),
        _profile("price", "What a kWh costs by the hour.", _price),
    ),
)
