"""What a run measured: the values that verdict and reports read. Each survives JSON unchanged."""

from typing import Annotated

import msgspec
from msgspec import Meta

from iotmock.soak.scenario.scenario import Scenario

Milliseconds = Annotated[float, Meta(ge=0.0)]


class Value(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Something measured."""


class Sample(Value, frozen=True, kw_only=True):
    """One second of a run. Rates are messages a second; None is not measured in that second."""

    t: float
    """s after the start, at the end of the second."""
    phase: str
    devices: int
    due: float
    sent: float
    received: float
    lateness_p50_ms: Milliseconds | None = None
    lateness_p99_ms: Milliseconds | None = None
    latency_p50_ms: Milliseconds | None = None
    latency_p95_ms: Milliseconds | None = None
    latency_p99_ms: Milliseconds | None = None
    backlog: int = 0
    """Messages that the generator holds."""
    lost: int = 0
    """Since the start."""
    generator_mb: float | None = None
    """Resident, all workers together."""
    receiver_mb: float | None = None
    reached: float | None = None
    """Where a run is whose time goes in steps, in s of the scenario; None: at `t`."""

    @property
    def where(self) -> float:
        """How much of the scenario is over, s."""
        return self.t if self.reached is None else self.reached


class Totals(Value, frozen=True, kw_only=True):
    """What became of every message, command and connection.

    due = withheld + sent + dropped_by_generator + what the generator did not get done.
    """

    due: int = 0
    """By the scenario, whether or not the generator got that far."""
    withheld: int = 0
    """Kept back on purpose, by faults and blackouts."""
    sent: int = 0
    """Different messages given to connections."""
    acknowledged: int = 0
    """Of `sent`, those that the broker has taken at QoS 1 and 2."""
    received: int = 0
    lost: int = 0
    lost_in_outages: int = 0
    """While the receiver itself was away: not the broker's fault, and not counted in `lost`."""
    duplicated: int = 0
    redelivered: int = 0
    """Came again with DUP, as QoS 1 allows."""
    reordered: int = 0
    late: int = 0
    corrupted: int = 0
    unplaced: int = 0
    """Came too late to tell a duplicate from a loss, or with a number that can not be right."""
    deliberate: int = 0
    """Arrived with a defect that was asked for; not counted in any of the above."""
    deliberate_duplicates: int = 0
    dropped_by_generator: int = 0
    connects: int = 0
    connect_failures: int = 0
    reconnects: int = 0
    commands_sent: int = 0
    commands_applied: int = 0
    commands_rejected: int = 0
    commands_unanswered: int = 0
    receiver_outages: int = 0

    def plus(self, other: "Totals") -> "Totals":
        """Return the totals of both shards."""
        names = self.__struct_fields__
        return Totals(**{name: getattr(self, name) + getattr(other, name) for name in names})


class GroupTotals(Value, frozen=True, kw_only=True):
    """What became of the messages of one group of devices."""

    name: str
    devices: int
    totals: Totals


class WorstDevice(Value, frozen=True, kw_only=True):
    """A device of those with most defects. `numbers` says which messages are lost, as ranges."""

    device_id: str
    lost: int = 0
    duplicated: int = 0
    reordered: int = 0
    late: int = 0
    corrupted: int = 0
    numbers: str = ""


class Distribution(Value, frozen=True, kw_only=True):
    """How long something took, of `count` times; `histogram` is HdrHistogram's base64 text."""

    count: int
    p50_ms: Milliseconds
    p95_ms: Milliseconds
    p99_ms: Milliseconds
    p999_ms: Milliseconds
    max_ms: Milliseconds
    histogram: str = ""


class Latencies(Value, frozen=True, kw_only=True):
    """All times are from when a message was due, so that a generator that stalls hides nothing."""

    received: Distribution | None = None
    acknowledged: Distribution | None = None
    command: Distribution | None = None
    """From command to result."""
    lateness: Distribution | None = None
    """Of the generator: from when a message was due until it was written."""


class Event(Value, frozen=True, kw_only=True):
    """Something that happened at `t` s after the start: by plan (its phase's kind), or not."""

    t: float
    kind: str
    text: str
    until: float | None = None


class Worker(Value, frozen=True, kw_only=True):
    """A process that ran one shard of the fleet."""

    number: int
    devices: int
    state: str = "finished"
    """finished, died or restarted."""
    note: str = ""

    @property
    def whole(self) -> bool:
        """Whether it ran its shard from begin to end."""
        return self.state == "finished"


class StoreCheck(Value, frozen=True, kw_only=True):
    """What a platform has stored, beside what was sent. `error` says why it could not be asked."""

    store: str
    devices: int = 0
    expected: int = 0
    found: int = 0
    missing: int = 0
    surplus: int = 0
    excused: int = 0
    """Not stored, and sent by devices with a fault that was asked for; not among `missing`."""
    error: str | None = None
    worst: list[str] = []


class KindFound(Value, frozen=True, kw_only=True):
    """How many faults of one kind the platform found; delays are simulated s.

    `false_alarms` are alarms that name this kind; None where none does.
    """

    fault: str
    faults: int
    found: int
    sought: bool = True
    false_alarms: int | None = None
    delay_median_s: float | None = None
    delay_p95_s: float | None = None


class AlarmCheck(Value, frozen=True, kw_only=True):
    """What a platform's alarms say, beside the faults that devices had.

    `faults`, `found` and `delay_p95_s` are of the kinds that are sought. `error` says why the
    alarms can not be judged.
    """

    alarms: int = 0
    unreadable: int = 0
    """Messages that are no alarm."""
    uncounted: int = 0
    """Alarms without a fault that are not false all the same: of other devices, of a time before
    or after, or while something else than a fault was planned."""
    false_alarms: int = 0
    device_days: float = 0.0
    """Simulated, of all devices together."""
    faults: int = 0
    found: int = 0
    delay_p95_s: float | None = None
    kinds: list[KindFound] = []
    missed: list[str] = []
    """The first of them; each is a kind, a device and when it began."""
    cried: list[str] = []
    """The first of the false alarms."""
    error: str | None = None


class Machine(Value, frozen=True, kw_only=True):
    """Where a run was started from."""

    host: str
    system: str
    cpu: str
    cores: int
    memory_gb: float
    python: str


class RunResult(Value, frozen=True, kw_only=True):
    """Everything that is known of a run. The scenario has no secrets in it any more."""

    scenario: Scenario
    version: str
    seed: int
    started: str
    """RFC 3339, UTC."""
    duration_s: float
    samples: list[Sample]
    totals: Totals
    latencies: Latencies
    groups: list[GroupTotals] = []
    worst_devices: list[WorstDevice] = []
    events: list[Event] = []
    workers: list[Worker] = []
    store_checks: list[StoreCheck] = []
    alarm_check: AlarmCheck | None = None
    """None where no alarms were asked for."""
    interrupted: bool = False
    receiver_died: str = ""
    """How, if it did; the run has ended then, and what came after is not counted."""
    settled_s: float = 0.0
    """When the ramp up was over, s after the start."""
    machine: Machine | None = None
    """None in reports of earlier versions."""
    broker_software: str = ""
    """What the broker calls itself, if it says."""
