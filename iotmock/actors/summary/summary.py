"""The fleet at a glance, as clients see it."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from iotmock.actors.summary.broker_state import BrokerState
from iotmock.actors.time.clock import Speed

Moment = Annotated[str, Meta(extra_json_schema={"format": "date-time"})]
Watts = Annotated[float, Meta(description="active power, W")]
Rate = Annotated[float, Meta(description="messages a second")]
Milliseconds = Annotated[float, Meta(description="how late ticks were, ms")]


class FleetCounts(msgspec.Struct, frozen=True):
    """How many devices there are, and how many of them are so."""

    total: int
    online: int
    offline: int
    error: int
    enabled: int


class PowerNow(msgspec.Struct, frozen=True):
    """What the fleet draws; `by_location` has the hundred locations that draw most."""

    total_w: Watts
    by_family: dict[str, Watts]
    by_location: dict[str, Watts]
    other_locations_w: Watts = 0.0


class MessageRates(msgspec.Struct, frozen=True):
    """Readings that were due; messages that were handed to a connection, and acknowledged.

    Of the time since the last summary; `dropped` is a count since the start.
    """

    due_per_s: Rate
    sent_per_s: Rate
    acknowledged_per_s: Rate
    dropped: int


class LatenessNow(msgspec.Struct, frozen=True):
    """How late the ticks since the last summary were."""

    p50: Milliseconds
    p99: Milliseconds
    max: Milliseconds


class HealthNow(msgspec.Struct, frozen=True):
    """Whether all is well, and in `problems` what is not and what to do."""

    status: Literal["healthy", "degraded"]
    problems: list[str]


class Summary(msgspec.Struct, frozen=True):
    """The fleet at `timestamp`, the wall clock's; `now` is its own time."""

    timestamp: Moment
    now: Moment
    running: bool
    speed: Speed
    devices: FleetCounts
    power: PowerNow
    messages: MessageRates
    lateness_ms: LatenessNow
    backlog: int
    waiting: int
    faults_active: int
    connection: BrokerState
    health: HealthNow
