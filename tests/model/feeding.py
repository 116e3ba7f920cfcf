"""Families that feed in: what they draw / base power is what a test says."""

from collections.abc import Callable, Mapping

from attrs import define

from iotmock.model.commands import Command, Outcome, Rejected
from iotmock.model.device import Device
from iotmock.model.family import DeviceType
from iotmock.model.numbers.noise import Noise
from iotmock.model.site.site import Conditions
from iotmock.model.site.sites import Sites
from iotmock.model.spec import DeviceSpec, DeviceState, Setting


@define(eq=False)
class Steered:
    """See `Family`: draws what `share` is set to."""

    share: float = 0.0

    def step(self, site: Conditions, dt_s: float) -> float:
        return self.share

    def power_factor(self) -> float:
        return 0.9

    def apply(self, command: Command) -> Outcome:
        return Rejected(command.name)

    def settings(self) -> dict[str, Setting]:
        return {}

    def restore(self, settings: Mapping[str, Setting]) -> None:
        pass


def built(_: Noise, __: float) -> Steered:
    return Steered()


Maker = Callable[..., Device]


def steered(
    *,
    feeds: float = 1.0,
    generates: bool = False,
    phases: int = 1,
    base_power: float = 5.0,
    variation: float = 0.1,
    state: DeviceState | None = None,
) -> tuple[Device, Steered]:
    """Return a device and the family that it is steered by."""
    kind = DeviceType(
        "steered", "S", "", base_power, 230.0, phases, built, feeds=feeds, generates=generates
    )
    spec = DeviceSpec("under-test", "steered", "S", base_power, 230.0)
    made = Device.make(spec, kind, Sites(1, variation), state or DeviceState())
    assert isinstance(made.family, Steered)
    return made, made.family
