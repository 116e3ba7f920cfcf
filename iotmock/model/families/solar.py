"""Solar power: panels under the site's own sun and clouds, and an inverter with its limits."""

from collections.abc import Callable, Mapping
from typing import Annotated

from attrs import define

from iotmock.model.commands import Applied, Command, Outcome, Rejected
from iotmock.model.family import DeviceType, Family, Profile
from iotmock.model.numbers.curve import Curve
from iotmock.model.numbers.exact_math import exp
from iotmock.model.numbers.noise import Noise
from iotmock.model.parts.flows.panels import Panels, Roof
from iotmock.model.quantities import quantity
from iotmock.model.site.site import Conditions, spread_of
from iotmock.model.site.sun.clouds import PASSING
from iotmock.model.spec import PERCENT, POWER_KW, Setting, read_setting

_STARTS_AT_W_M2 = 12.0
"""Irradiance of the panels from which their voltage is enough to begin with."""
_WATCHES_GRID_S = 60.0
"""An inverter watches the grid before it connects: 60 s (VDE-AR-N 4105, 8.3.1)."""
_AT_NIGHT = 0.0006
"""What communication and display draw at night / rating: some watts of a home's inverter."""
_LEAST_POWER_KW = 0.0
# Displacement at part load, after inverter data sheets: capacitors of the filter stay connected.
_POWER_FACTOR = Curve.of(lambda load: 0.998 - 0.5 * exp(-load / 0.025), limit=1.0)


class SetLimit(Command, frozen=True):
    """Limit what is fed in, in percent of the base power; 100 lifts the limit."""

    name = "set_limit"
    percent: Annotated[float, quantity(PERCENT, "%", "most that is fed in")]


class SetLimitPower(Command, frozen=True):
    """Limit what is fed in, in kW; the limit stays the same share if the base power changes."""

    name = "set_limit_power"
    power: Annotated[float, quantity((_LEAST_POWER_KW, POWER_KW[1]), "kW", "most that is fed in")]

    def for_rating(self, base_power_kw: float) -> Command:
        """See `Command.for_rating`."""
        return SetLimit(min(100.0, 100.0 * self.power / base_power_kw))


@define(eq=False)
class Solar:
    """Panels and inverter. `limit` is in percent, `load` what is fed in / rating.

    `waits_s` is how long the inverter still watches the grid before it connects.
    """

    panels: Panels
    at_night: float
    limit: float = 100.0
    connected: bool = False
    waits_s: float = _WATCHES_GRID_S
    load: float = 0.0
    irradiance: float = 0.0
    """Of the panels, W/m², mean of the last tick."""
    cell_c: float = 15.0

    def step(self, site: Conditions, dt_s: float) -> float:
        """See `Family.step`: negative while it feeds in."""
        sunlight, panels = site.sunlight, self.panels
        light = sunlight.at(site.now)
        if light.up <= 0.0 and not light.diffuse:
            return self._dark(site.outdoor_c)
        shade, sun = panels.irradiance(light)
        self.cell_c = cell_c = panels.cell_c(site.outdoor_c, shade + light.shine * sun)
        # How much of the tick the sun is out. A limit cuts sunny minutes, not their mean: so the
        # power in the sun and that in the shade are reckoned apart.
        passing = PASSING[dt_s]
        out = light.shine + (sunlight.gap - light.shine) * passing
        shade *= 1.0 + sunlight.wander * passing
        self.irradiance = irradiance = shade + out * sun
        share = 1.0 if self.connected else self._connect(irradiance, dt_s)
        power = self._power(shade + sun, cell_c) if out > 0.0 else 0.0
        if out < 1.0:
            power = out * power + (1.0 - out) * self._power(shade, cell_c)
        self.connected = self.connected and power > 0.0
        self.load = load = share * power
        return (1.0 - share) * self.at_night - load if load > 0.0 else self.at_night

    def _power(self, irradiance: float, cell_c: float) -> float:
        panels, most = self.panels, 0.01 * self.limit
        power = panels.alternating_current(panels.direct_current(irradiance, cell_c))
        return 0.0 if power < 0.0 else power if power < most else most

    def _dark(self, outdoor_c: float) -> float:
        self.connected, self.waits_s = False, _WATCHES_GRID_S
        self.load = self.irradiance = 0.0
        self.cell_c = outdoor_c
        return self.at_night

    def _connect(self, irradiance: float, dt_s: float) -> float:
        """Return the share of the tick in which it feeds in already."""
        if irradiance < _STARTS_AT_W_M2:
            self.waits_s = _WATCHES_GRID_S
            return 0.0
        waited_s = self.waits_s if self.waits_s < dt_s else dt_s
        self.waits_s -= waited_s
        self.connected = self.waits_s <= 0.0
        return 1.0 - waited_s / dt_s if dt_s else 0.0

    def power_factor(self) -> float:
        """See `Family.power_factor`."""
        return _POWER_FACTOR.at(self.load)

    def apply(self, command: Command) -> Outcome:
        """See `Family.apply`."""
        if not isinstance(command, SetLimit):
            return Rejected(f"solar has no {command.name}")
        self.limit = command.percent
        return Applied()

    def extras(self) -> dict[str, float]:
        """See `HasExtras`."""
        return {
            "irradiance": round(self.irradiance, 1),
            "cell_temperature": round(self.cell_c, 1),
        }

    def settings(self) -> dict[str, Setting]:
        """See `Family.settings`."""
        return {"limit": self.limit}

    def restore(self, settings: Mapping[str, Setting]) -> None:
        """See `Family.restore`."""
        self.limit = read_setting(settings, "limit", PERCENT, self.limit)


def _on(roof: Roof) -> Callable[[Noise, float], Family]:
    def build(noise: Noise, variation: float) -> Solar:
        spread = spread_of(variation)
        panels = Panels.drawn(roof, noise, spread)
        at_night = _AT_NIGHT * max(0.3, 1.0 + 0.4 * spread * noise.gauss())
        return Solar(panels, at_night)

    return build


def _profile(name: str, about: str, kw: float, volts: float, phases: int, roof: Roof) -> Profile:
    return Profile(name, about, kw, volts, phases, _on(roof), 0.01, feeds=1.0, generates=True)


TYPE = DeviceType.of_profiles(
    device_type="solar",
    name="Solar Inverter",
    description="Panels under the sun and clouds of their site; power is negative: it feeds in.",
    profiles=(
        _profile("home", "The roof of a house.", 5.0, 240.0, 1, Roof(32.0, 10.0)),
        _profile(
            "shop",
            "A flat roof, east and west: a broad day, a low noon.",
            30.0,
            400.0,
            3,
            Roof(10.0, 2.0, 180.0, 60.0, 1.25, 0.026),
        ),
        _profile(
            "farm",
            "The roof of a barn.",
            99.0,
            400.0,
            3,
            Roof(22.0, 6.0, 180.0, 50.0, 1.2),
        ),
        _profile(
            "depot",
            "Carports over the yard of a fleet, open to the wind.",
            60.0,
            400.0,
            3,
            Roof(8.0, 2.0, 180.0, 45.0, 1.2, 0.021),
        ),
    ),
    own_commands=(SetLimit, SetLimitPower),
)
