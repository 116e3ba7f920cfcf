"""Device faults: they change what happens, and so what is true."""

from typing import Annotated, cast

from attrs import define, evolve, field
from msgspec import Meta

from iotmock.model.families.hvac import Hvac
from iotmock.model.families.server import Server
from iotmock.model.faults.fault import Effect, Fault, FaultKind, Occurrence, Scene
from iotmock.model.parts.climate.computer_room import ComputerRoom
from iotmock.model.parts.climate.heat_pump import HeatPump
from iotmock.model.parts.thermostat import ThermalMass
from iotmock.model.quantities import quantity

_HUNTING = 1.12
"""What speeds that go up and down cost, as starts do (EN 14825, degradation coefficient)."""
_JAMMED = 0.27
"""What a line draws that stands with its drives on / rated power (realism.md, idle)."""


@define(eq=False)
class DeviceEffect(Effect):
    """Bends power and voltage; `error` says that the status is `error` meanwhile."""

    error: bool = False
    silent: bool = False
    """Whether the device has no link meanwhile."""
    pervades: bool = False
    """Whether its doing is in the physics itself, so that every message shows it."""

    def cut_off(self) -> bool:
        """Say whether the device has no link now."""
        return self.silent

    def bend(self, share: float, voltage: float) -> tuple[float, float]:
        """Return power / base power and voltage / nominal as they become."""
        return share, voltage


class DeviceFault(Fault, frozen=True):
    """Something that happens to the device itself."""

    kind = FaultKind.DEVICE


@define(eq=False)
class _Off(DeviceEffect):
    def bend(self, share: float, voltage: float) -> tuple[float, float]:  # noqa: ARG002
        return 0.0, voltage


class Trip(DeviceFault, frozen=True):
    """A breaker has tripped: no power flows, the status is `error`."""

    name = "trip"
    occurs = Occurrence(0.01, 900.0, 4 * 3600.0)

    def effect(self, scene: Scene) -> _Off:  # noqa: ARG002
        """See `Fault.effect`."""
        return _Off(error=True)


class Reboot(DeviceFault, frozen=True):
    """The device restarts: it draws nothing, is offline, and these seconds are lost."""

    name = "reboot"
    occurs = Occurrence(0.03, 30.0, 180.0)

    def effect(self, scene: Scene) -> _Off:  # noqa: ARG002
        """See `Fault.effect`."""
        return _Off(silent=True)


@define(eq=False)
class _Dipped(DeviceEffect):
    residual: float = 1.0

    def bend(self, share: float, voltage: float) -> tuple[float, float]:
        return share * self.residual, voltage * self.residual


class BrownOut(DeviceFault, frozen=True):
    """The grid's voltage dips (EN 50160: 10 to 90 % of nominal are left), and power with it.

    Between constant power (supplies that regulate) and the square (heaters): in proportion.
    """

    name = "brown_out"
    occurs = Occurrence(0.03, 15.0, 120.0)
    residual_percent: Annotated[float, quantity((10, 95), "%", "of the nominal voltage")] = 70.0

    def effect(self, scene: Scene) -> _Dipped:  # noqa: ARG002
        """See `Fault.effect`."""
        return _Dipped(residual=self.residual_percent / 100.0)


@define(eq=False)
class _Jammed(DeviceEffect):
    def bend(self, share: float, voltage: float) -> tuple[float, float]:
        return min(share, _JAMMED), voltage


class Jam(DeviceFault, frozen=True):
    """The line is jammed: drives idle, the status is `error`."""

    name = "jam"
    occurs = Occurrence(0.05, 600.0, 2 * 3600.0)
    device_type = "industrial"

    def effect(self, scene: Scene) -> _Jammed:  # noqa: ARG002
        """See `Fault.effect`."""
        return _Jammed(error=True)


@define(eq=False)
class _FansFaster(DeviceEffect):
    server: Server = field(kw_only=True)
    factor: float = field(kw_only=True)

    def bend(self, share: float, voltage: float) -> tuple[float, float]:
        load = self.server.load
        fans = self.server.machines.fans * (0.2 + 0.8 * load * load * load)
        return share + fans * (self.factor - 1.0), voltage


class FanFailure(DeviceFault, frozen=True):
    """Fans have failed; the others turn faster for the same air.

    Fan affinity laws: power goes with the cube of the speed, so k of n failed fans make the rest
    draw (n / (n - k))² of what all did.
    """

    name = "fan_failure"
    occurs = Occurrence(0.005, 8 * 3600.0, 3 * 86_400.0)
    device_type = "server"
    failed: Annotated[int, Meta(ge=1, le=7, description="how many fans stand still")] = 2
    fans: Annotated[int, Meta(ge=2, le=8, description="how many fans there are")] = 6

    def __post_init__(self) -> None:
        """Refuse a server without a fan.

        Raises:
            ValueError: no fan is left.
        """
        if self.failed >= self.fans:
            raise ValueError("failed must be less than fans")

    def effect(self, scene: Scene) -> _FansFaster:
        """See `Fault.effect`."""
        factor = (self.fans / (self.fans - self.failed)) ** 2
        return _FansFaster(server=cast("Server", scene.family), factor=factor)


@define(eq=False)
class _ShortCycles(DeviceEffect):
    """The thermostat's mass is exchanged, so the power follows by itself."""

    hvac: Hvac | HeatPump = field(kw_only=True)
    sound: ThermalMass = field(kw_only=True)

    def stop(self) -> None:
        self.hvac.thermostat.mass = self.sound


@define(eq=False)
class _Hunts(DeviceEffect):
    """A machine with a converter has no thermostat to cycle by: it hunts, and loses as much."""

    def bend(self, share: float, voltage: float) -> tuple[float, float]:
        return share * _HUNTING, voltage


class ShortCycling(DeviceFault, frozen=True):
    """The compressor starts and stops too often: a narrow hysteresis and no lock-out times."""

    name = "short_cycling"
    occurs = Occurrence(0.02, 3_600.0, 86_400.0)
    device_type = "hvac"
    shortest_s: Annotated[float, quantity((5, 300), "s", "on and off")] = 45.0

    def effect(self, scene: Scene) -> DeviceEffect:
        """See `Fault.effect`."""
        if isinstance(scene.family, ComputerRoom):
            return _Hunts()
        hvac = cast("Hvac | HeatPump", scene.family)
        sound = hvac.thermostat.mass
        hvac.thermostat.mass = evolve(
            sound,
            on_at_k=0.05,
            off_at_k=-0.05,
            min_on_s=self.shortest_s,
            min_off_s=self.shortest_s,
        )
        return _ShortCycles(pervades=True, hvac=hvac, sound=sound)
