"""What a shard is told, and what it says: each is a line of JSON between two processes."""

import msgspec

from iotmock.soak.scenario.scenario import Scenario


class ShardOrder(msgspec.Struct, frozen=True, kw_only=True):
    """Which part of which scenario. A shard is a function of this alone.

    Of each group it has the devices whose number leaves `number` when it is divided by `of`; so no
    device belongs to two shards, however the groups are scaled. `life` counts its restarts.
    A reading is `of_reading` messages at most.
    """

    scenario: Scenario
    number: int
    of: int
    run: str
    life: int = 0
    of_reading: int = 1

    @property
    def stamp_run(self) -> str:
        """What its messages are stamped with."""
        return f"{self.run}.{self.life}" if self.life else self.run

    def owns(self, number: int) -> bool:
        """Say whether a group's device of this number, from 1, is of this shard."""
        return (number - 1) % self.of == self.number


class Go(msgspec.Struct, frozen=True, tag="go"):
    """Begin `at`, Unix s."""

    at: float


class End(msgspec.Struct, frozen=True, tag="end"):
    """End in order, before the time."""


class Leave(msgspec.Struct, frozen=True, tag="leave"):
    """End at once, and leave nothing at the broker; what is on its way is not waited for."""


Instruction = Go | End | Leave


class Ready(msgspec.Struct, frozen=True, tag="ready"):
    """Everything that stands at the start is there and connected."""

    devices: int


class Problem(msgspec.Struct, frozen=True, tag="problem"):
    """The shard can not run, and why."""

    text: str


class Sent(msgspec.Struct, frozen=True, tag="sent"):
    """How many messages some devices have numbered, and how many of them with a mark."""

    counts: dict[str, int]
    marked: dict[str, int] = {}


class Earlier(msgspec.Struct, frozen=True, tag="earlier"):
    """How much of what `Sent` said had been sent by a second of the run.

    `at` is in the clock of the messages' timestamps; `counts` are in the order of the devices that
    `Sent` said, those that came later left out.
    """

    second: int
    at: float
    counts: list[int]


class Faults(msgspec.Struct, frozen=True, tag="faults"):
    """Faults of the shard's devices that could be seen: device, kind, begin and end.

    `began` is when the run began; all times are in the clock of the messages' timestamps, Unix s.
    """

    began: float
    seen: list[tuple[str, str, float, float]]


class Progress(msgspec.Struct, frozen=True, kw_only=True, tag="progress"):
    """Where a shard is; counts are since its start, latencies of the last seconds."""

    at: float = 0.0
    """Unix s."""
    devices: int = 0
    reached_s: float = 0.0
    """Where time is that goes in steps, in s of the scenario."""
    due: float = 0.0
    """Messages, as the scenario wants them."""
    done: int = 0
    """Messages of the ticks that devices got, if they have said all that there is to say."""
    numbered: int = 0
    """Messages that devices gave to a connection's backlog."""
    accepted: int = 0
    acknowledged: int = 0
    refused: int = 0
    backlog: int = 0
    unsent: int = 0
    """Data messages of the backlog."""
    waiting: int = 0
    dropped: int = 0
    connections: int = 0
    connected: int = 0
    connects: int = 0
    connect_failures: int = 0
    last_error: str | None = None
    lateness_p50_s: float = 0.0
    lateness_p99_s: float = 0.0
    memory_mb: float = 0.0
    cpu_s: float = 0.0
    notes: list[str] = []
    """What happened in its phases."""


class Final(msgspec.Struct, frozen=True, kw_only=True, tag="final"):
    """The last word of a shard: `lateness_counts` are the buckets of `actors.histogram`."""

    progress: Progress
    lateness_counts: list[int]
    lateness_max_s: float
    acknowledged_histogram: str
    first_due: float | None = None


Word = Ready | Problem | Sent | Earlier | Faults | Progress | Final
