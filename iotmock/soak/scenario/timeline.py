"""What happens during a run: the tables `[[phase]]` and `[[campaign]]` of a scenario."""

from collections.abc import Iterator
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from iotmock.soak.scenario.quantities import Count, PerSecond, Seconds, SomeSeconds, SomeShare
from iotmock.soak.scenario.section import Section, Text, about

Seed = Annotated[int, Meta(ge=0, le=2**63 - 1)]
SomeCount = Annotated[int, Meta(ge=1, le=1_000_000_000)]


class Selector(Section, frozen=True, kw_only=True):
    """Which devices: those that all the given keys say, and of these a share drawn by the seed."""

    group: Annotated[Text | None, about("of this group")] = None
    device_type: Annotated[Text | None, about("of this type")] = None
    location: Annotated[Text | None, about("at this location")] = None
    ids: Annotated[list[Text] | None, about("these")] = None
    share: Annotated[SomeShare, about("of these a share")] = 1.0
    seed: Annotated[Seed, about("another seed draws others")] = 1


class Phase(Section, frozen=True, kw_only=True, tag_field="kind"):
    """Something that happens at a time after the start."""

    at: Annotated[Seconds, about("when it begins, s after the start")]
    name: Annotated[Text | None, about("what reports call it")] = None

    @property
    def length_s(self) -> float:
        """How long it lasts; 0 for what happens at once, infinite for what stays to the end."""
        return 0.0

    @property
    def kind(self) -> str:
        """What the scenario calls it."""
        return str(self.__struct_config__.tag)

    @property
    def label(self) -> str:
        """What reports call it."""
        return self.name or self.description

    @property
    def description(self) -> str:
        """What it is, in a few words."""
        return self.kind.replace("_", " ")


class FaultInjection(Phase, frozen=True, kw_only=True, tag="fault"):
    """Devices have a fault (docs/reference/faults.md); without a duration until the end."""

    fault: Annotated[Text, about("the kind of fault")]
    parameters: Annotated[dict[str, Any], about("the fault's own")] = msgspec.field(
        default_factory=dict
    )
    duration: Annotated[SomeSeconds | None, about("how long, s")] = None
    select: Annotated[Selector, about("which devices")] = Selector()

    @property
    def length_s(self) -> float:
        """See `Phase`."""
        return float("inf") if self.duration is None else self.duration

    @property
    def description(self) -> str:
        """See `Phase`."""
        return f"fault {self.fault}"


class Blackout(Phase, frozen=True, kw_only=True, tag="blackout"):
    """Every device of a location is gone without a word, and they come back one after another."""

    location: Annotated[Text, about("where the power fails")]
    duration: Annotated[SomeSeconds, about("how long, s")]
    recovery: Annotated[Seconds, about("over how many s the devices come back")] = 0.0

    @property
    def length_s(self) -> float:
        """See `Phase`."""
        return self.duration + self.recovery

    @property
    def description(self) -> str:
        """See `Phase`."""
        return f"blackout of {self.location}"


class ConnectionStorm(Phase, frozen=True, kw_only=True, tag="connection_storm"):
    """Connections are cut at once, and come back as fast as they can unless a rate is given."""

    share: Annotated[SomeShare, about("of the connections")] = 1.0
    rate: Annotated[PerSecond | None, about("connections a second; all at once if left out")] = None


class BrokerCommand(Phase, frozen=True, kw_only=True, tag="broker_command"):
    """A shell command of the user's own, for instance one that restarts the broker."""

    command: Annotated[Text, about("what the shell runs, with the rights of who runs the soak")]
    timeout: Annotated[SomeSeconds, about("s after which it is killed")] = 60.0


class Scale(Phase, frozen=True, kw_only=True, tag="scale"):
    """A group gets another size."""

    group: Annotated[Text, about("which group")]
    count: Annotated[Count, about("how many devices it has then")]
    rate: Annotated[PerSecond | None, about("devices a second; at once if left out")] = None

    @property
    def description(self) -> str:
        """See `Phase`."""
        return f"scale {self.group} to {self.count:,}"


class Pause(Phase, frozen=True, kw_only=True, tag="pause"):
    """Nothing is due: the simulation stops, connections stay."""

    duration: Annotated[SomeSeconds, about("how long, s")]

    @property
    def length_s(self) -> float:
        """See `Phase`."""
        return self.duration


AnyPhase = FaultInjection | Blackout | ConnectionStorm | BrokerCommand | Scale | Pause


class Campaign(Section, frozen=True, kw_only=True):
    """Commands to devices in turn, at a steady rate; each answer is awaited and timed."""

    at: Annotated[Seconds, about("when it begins, s after the start")]
    command: Annotated[Text, about("a command that the devices know")]
    commands: Annotated[SomeCount, about("how many commands in all")]
    rate: Annotated[PerSecond, about("commands a second")]
    parameters: Annotated[dict[str, Any], about("the command's own")] = msgspec.field(
        default_factory=dict
    )
    devices: Annotated[
        SomeCount | None, about("how many of the selected devices; all if left out")
    ] = None
    select: Annotated[Selector, about("which devices")] = Selector()
    timeout: Annotated[SomeSeconds, about("s after which a command counts as unanswered")] = 30.0
    name: Annotated[Text | None, about("what reports call it")] = None

    @property
    def length_s(self) -> float:
        """How long it takes to give the commands."""
        return self.commands / self.rate

    @property
    def label(self) -> str:
        """What reports call it."""
        return self.name or f"{self.commands:,} x {self.command}"

    def faults(self) -> Iterator[tuple[str, str]]:
        """See `Section`."""
        if self.devices is not None and self.devices > self.commands:
            yield "devices", f"must be at most commands ({self.commands}), not {self.devices}"
