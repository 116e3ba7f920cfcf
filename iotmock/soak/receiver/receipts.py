"""What the receiver's process is told, and what it says: JSON lines on stdin and stdout."""

import msgspec

from iotmock.soak.account.findings import Defect, Defects
from iotmock.soak.account.ranges import Range
from iotmock.soak.account.tally import Tally
from iotmock.verification.latency import Quantiles


class ReceiverConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The first line that a receiver reads. Times in s.

    `run` is that of the stamps; without one, that of the first stamp to come. With `joins`, what
    devices sent before the receiver came is not missed. `groups` are names with the prefix of their
    devices' ids; of each kind of defect the receiver keeps `ranges_kept` ranges of numbers.
    """

    run: str
    host: str = "localhost"
    port: int = 1883
    username: str | None = None
    password: str | None = None
    tls: bool = False
    tls_ca: str | None = None
    tls_cert: str | None = None
    tls_key: str | None = None
    websocket: str | None = None
    """The path of a WebSocket, in place of plain TCP or TLS."""
    protocol: str = "5"
    client_id: str = ""
    topic_filters: tuple[str, ...] = ("energy/devices/+/data",)
    device_level: int | None = -2
    """Which level of a topic is the device's id; below 0 from the end. None: stamps say it."""
    qos: int = 1
    receive_maximum: int = 65_535
    keep_alive: int = 10
    session_expiry_s: int = 300
    groups: dict[str, str] = {}
    window: int = 128
    late_after_s: float = 10.0
    ranges_kept: int = 10_000
    snapshot_s: float = 1.0
    joins: bool = False

    def __repr__(self) -> str:
        return f"ReceiverConfig(run={self.run!r}, {self.host}:{self.port})"  # no password


class Begin(msgspec.Struct, frozen=True, tag="begin", forbid_unknown_fields=True):
    """The run begins `at`, Unix s: receipts come just before each of its seconds is full.

    So what they count has been sent by that second, when the generator counts.
    """

    at: float


class Expect(msgspec.Struct, frozen=True, tag="expect", forbid_unknown_fields=True):
    """How many messages each device has sent; a later one adds to it and replaces."""

    counts: dict[str, int]


class Finish(msgspec.Struct, frozen=True, tag="finish", forbid_unknown_fields=True):
    """Wait for what is outstanding, then give the last receipts.

    No longer than `quiet_s` without a message, and `at_most_s` in all.
    """

    quiet_s: float = 2.0
    at_most_s: float = 60.0


Instruction = Begin | Expect | Finish


class Worst(msgspec.Struct, frozen=True):
    """A device with many defects; `lost_numbers` as in `3-5, 9`, and `...` if more are known."""

    device: str
    defects: Defects
    lost_numbers: str


class Found(msgspec.Struct, frozen=True):
    """By number and device: ranges up to a bound, and how many numbers are not among them."""

    ranges: list[Range]
    omitted: int


class Receipts(msgspec.Struct, frozen=True, kw_only=True):
    """What arrived up to `at` (Unix s), and what became of the rest.

    Until `final`, what has not come may yet: it is `missing`, not lost. `latency` is from when a
    message was due, `transit` from when it was sent, both as HDR's compressed text as well.
    """

    at: float
    final: bool
    connected: bool
    devices: int
    counts: Tally
    groups: dict[str, Tally]
    missing: int
    foreign: int
    """Messages of other runs, retained ones, and such without a stamp."""
    receiver_outages: int
    latency: Quantiles
    recent_latency: Quantiles
    """Of what came since the last receipts."""
    transit: Quantiles
    latency_histogram: str
    """Empty but in the last receipts, and so is the next."""
    transit_histogram: str
    rate: float
    """Messages a second since the last receipts."""
    memory_mb: float
    cpu_s: float
    worst: list[Worst] = []
    findings: dict[Defect, Found] = {}
    problem: str | None = None
    """Why the receiver is not connected."""
