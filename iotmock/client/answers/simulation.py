"""The simulation: how far it is, how fast it goes, how it fares."""

from typing import Any, Literal

import msgspec

Speed = float | Literal["step"]


class DeviceCounts(msgspec.Struct, frozen=True):
    """How many devices there are, and how they are."""

    total: int
    online: int
    enabled: int
    error: int


class BrokerState(msgspec.Struct, frozen=True, kw_only=True):
    """The service's connection to its broker; `broker` is host:port."""

    connected: bool
    broker: str
    state: str = ""
    model: str = ""
    connections: int = 0
    open: int = 0
    connects: int = 0
    connect_failures: int = 0
    last_error: str | None = None
    qos: int = 1
    retained: bool = True
    refusals: dict[str, int] = {}


class MessageCounts(msgspec.Struct, frozen=True, kw_only=True):
    """What became of the messages, and of what came in."""

    accepted: int
    acknowledged: int
    refused: int
    waiting: int
    backlog: int
    dropped: int
    superseded: int
    commands: dict[str, int] = {}
    platform_events: dict[str, int] = {}
    incoming_dropped: int = 0


class SimulationStatus(msgspec.Struct, frozen=True, kw_only=True):
    """The simulation as it is now; `ticks` are the pacer's figures, `interval` in s."""

    running: bool
    devices: DeviceCounts
    interval: float
    speed: Speed = 1.0
    now: str = ""
    makes_history: bool = False
    mqtt: BrokerState
    messages: MessageCounts
    ticks: dict[str, float] = {}
    overloaded: bool = False
    since: str


class StepResult(msgspec.Struct, frozen=True):
    """Where a step led, and what became of its messages."""

    now: str
    seconds: float
    ticks: int
    accepted: int
    acknowledged: int
    refused: int
    dropped: int
    superseded: int
    waiting: int


class SimulationHistory(msgspec.Struct, frozen=True):
    """The last minutes or hours, a number for each `step_s`: W, messages a second, ms."""

    window: str
    step_s: float
    timestamps: list[str]
    devices: list[int]
    power: dict[str, Any]
    messages: dict[str, list[float]]
    lateness_ms: dict[str, list[float]]
    backlog: list[int]
    waiting: list[int]
    faults_active: list[int]
    connected: list[bool]


class StreamEvent(msgspec.Struct, frozen=True):
    """An event of the stream: its kind, its id to go on after, and its data as decoded JSON."""

    kind: str
    id: str
    data: Any
