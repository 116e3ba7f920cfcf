"""A black-out: the grid is away, and what has a backup goes on as an island."""

from attrs import define

from iotmock.model.families.battery import Battery
from iotmock.model.families.solar import Solar
from iotmock.model.faults.fault import Occurrence, Scene
from iotmock.model.faults.types.device import DeviceEffect, DeviceFault
from iotmock.model.main_meter import BackgroundLoad
from iotmock.model.site.connection.island import Island

_SYNCHRONOUS = 1.0
"""Voltage / nominal that a battery's inverter holds."""


@define(eq=False, kw_only=True)
class _Dark(DeviceEffect):
    """A load or a sun in the dark: it lives on what its island lets it."""

    device_id: str
    rated_kw: float
    island: Island
    generates: bool

    def __attrs_post_init__(self) -> None:
        self.island.let_in(self.device_id, 0.0)

    @property
    def fed(self) -> bool:
        """Whether it is on an island that lives."""
        island = self.island
        if self.generates:
            return island.room_kw > 0.0 or island.up
        return island.up and island.connects(self.rated_kw)

    def cut_off(self) -> bool:
        """See `DeviceEffect.cut_off`."""
        return not self.fed

    def bend(self, share: float, voltage: float) -> tuple[float, float]:  # noqa: ARG002
        """See `DeviceEffect.bend`."""
        if not self.fed:
            self.island.let_in(self.device_id, 0.0)
            return 0.0, 0.0
        power_kw = self.island.let_in(self.device_id, share * self.rated_kw)
        return power_kw / self.rated_kw, _SYNCHRONOUS

    def stop(self) -> None:
        """See `Effect.stop`."""
        self.island.leave(self.device_id)


@define(eq=False, kw_only=True)
class _AtTheGrid(DeviceEffect):
    """The main meter: it is on the grid's side, and nothing passes it."""

    island: Island

    def __attrs_post_init__(self) -> None:
        self.island.cut = True

    def cut_off(self) -> bool:
        """See `DeviceEffect.cut_off`."""
        return True

    def bend(self, share: float, voltage: float) -> tuple[float, float]:  # noqa: ARG002
        """See `DeviceEffect.bend`."""
        return 0.0, 0.0

    def stop(self) -> None:
        """See `Effect.stop`."""
        self.island.cut = False


@define(eq=False, kw_only=True)
class _Feeding(DeviceEffect):
    """A battery: with a backup it is the island's source; without one it is in the dark."""

    device_id: str
    rated_kw: float
    battery: Battery
    island: Island

    def __attrs_post_init__(self) -> None:
        self.island.sources[self.device_id] = self.battery, self.rated_kw
        self.battery.islanded = True

    def cut_off(self) -> bool:
        """See `DeviceEffect.cut_off`."""
        return not self.battery.backup

    def bend(self, share: float, voltage: float) -> tuple[float, float]:  # noqa: ARG002
        """See `DeviceEffect.bend`."""
        if not self.battery.backup:
            return 0.0, 0.0
        return share, _SYNCHRONOUS if self.island.up else 0.0

    def stop(self) -> None:
        """See `Effect.stop`."""
        source = self.island.sources.get(self.device_id)
        if source is not None and source[0] is self.battery:
            self.island.leave(self.device_id)
        self.battery.islanded = False


class BlackOut(DeviceFault, frozen=True):
    """The grid is away: all devices of a location are dark and say nothing.

    A battery with a backup makes an island of it, for what is on its side. Source: CEER,
    "Benchmarking report on continuity of supply" 2022: in Germany once in four years, for most of
    an hour.
    """

    name = "black_out"
    occurs = Occurrence(0.0007, 2_400.0, 6 * 3600.0)
    of_location = True

    def effect(self, scene: Scene) -> DeviceEffect:
        """See `Fault.effect`."""
        family, device_id, island = scene.family, scene.shown.device_id, scene.island
        if isinstance(family, Battery):
            return _Feeding(
                device_id=device_id, rated_kw=scene.base_power, battery=family, island=island
            )
        if isinstance(family, BackgroundLoad):
            return _AtTheGrid(island=island)
        generates = isinstance(family, Solar)
        return _Dark(
            device_id=device_id, rated_kw=scene.base_power, island=island, generates=generates
        )
