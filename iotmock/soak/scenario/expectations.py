"""What is verified and what is good enough: `[verify]` and `[thresholds]` of a scenario."""

from collections.abc import Iterator
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from iotmock.soak.scenario.alarms import Alarms, KindThresholds, PerDeviceDay
from iotmock.soak.scenario.quantities import (
    Count,
    Growth,
    Milliseconds,
    Seconds,
    Share,
    SomeSeconds,
)
from iotmock.soak.scenario.section import SecretText, Section, Text, VariableName, about

Url = Annotated[Text, Meta(pattern="^https?://", extra={"words": "a URL with http:// or https://"})]
Devices = Annotated[int, Meta(ge=1, le=10_000_000)]

_NEEDED = {1: ("database",), 2: ("org", "bucket")}
_FOREIGN = {
    1: ("org", "bucket", "token", "token_env"),
    2: ("database", "username", "password", "password_env"),
}


def both(section: Section, key: str) -> Iterator[tuple[str, str]]:
    """Yield a fault if a secret is given and the variable that holds it as well."""
    other = f"{key}_env"
    if getattr(section, key) is not None and getattr(section, other) is not None:
        yield other, f"must not be given together with {key}"


class Influx(Section, frozen=True, kw_only=True):
    """What a platform has stored in InfluxDB, counted by device and compared with what was sent."""

    url: Annotated[Url, about("where the HTTP API is")]
    version: Annotated[Literal[1, 2], about("of the API")] = 2
    database: Annotated[Text | None, about("version 1: the database")] = None
    username: Annotated[Text | None, about("version 1")] = None
    password: Annotated[SecretText | None, about("version 1")] = None
    password_env: Annotated[VariableName | None, about("the variable with the password")] = None
    org: Annotated[Text | None, about("version 2: the organisation")] = None
    bucket: Annotated[Text | None, about("version 2: the bucket")] = None
    token: Annotated[SecretText | None, about("version 2")] = None
    token_env: Annotated[VariableName | None, about("the variable with the token")] = None
    measurement: Annotated[Text, about("where the points are")] = "energy"
    device_tag: Annotated[Text, about("the tag with the device's id")] = "device_id"
    field: Annotated[Text, about("the field that is counted")] = "power"
    wait: Annotated[Seconds, about("s that the platform has to store the last message")] = 10.0
    devices: Annotated[Devices | None, about("how many devices; all if left out")] = None

    def faults(self) -> Iterator[tuple[str, str]]:
        """See `Section`."""
        for key in _NEEDED[self.version]:
            if getattr(self, key) is None:
                yield key, f"is missing; version {self.version} of the API needs it"
        for key in _FOREIGN[self.version]:
            if getattr(self, key) is not None:
                yield key, f"is not of version {self.version} of the API"
        yield from both(self, "password")
        yield from both(self, "token")


class Sql(Section, frozen=True, kw_only=True):
    """What a platform has stored in a database, as `Influx` has it."""

    url: Annotated[SecretText | None, about("of SQLAlchemy")] = None
    url_env: Annotated[VariableName | None, about("the variable with the URL")] = None
    query: Annotated[Text, about("returns device id and count between :begin and :end (UTC)")]
    wait: Annotated[Seconds, about("s that the platform has to store the last message")] = 10.0
    devices: Annotated[Devices | None, about("how many devices; all if left out")] = None

    def faults(self) -> Iterator[tuple[str, str]]:
        """See `Section`."""
        if self.url is None and self.url_env is None:
            yield "url", "is missing; give it, or url_env"
        yield from both(self, "url")
        for name in (":begin", ":end"):
            if name not in self.query:
                yield "query", f"must use {name}, so that it counts this run's messages only"


class Verify(Section, frozen=True, kw_only=True):
    """How every message is accounted for."""

    stamp: Annotated[
        Literal["properties", "json"],
        about("where number and time travel: MQTT 5 user properties, or fields of the JSON"),
    ] = "properties"
    window: Annotated[
        Annotated[int, Meta(ge=8, le=65_536)],
        about("how far apart in numbers two messages of a device may change places"),
    ] = 128
    late_after: Annotated[SomeSeconds, about("s after which a message counts as late")] = 60.0
    drain: Annotated[Seconds, about("s that the last messages have to arrive")] = 30.0
    influx: Annotated[Influx | None, about("count what InfluxDB has")] = None
    sql: Annotated[Sql | None, about("count what a database has")] = None
    alarms: Annotated[Alarms | None, about("hear the platform's alarms")] = None


class Thresholds(Section, frozen=True, kw_only=True):
    """What is good enough. What is left out and has no default is not judged.

    The first two say whether the run proves anything; the others, whether what it tests is good.
    """

    load_shortfall: Annotated[Share, about("invalid beyond: offered less than due")] = 0.01
    lateness_p99_ms: Annotated[
        Milliseconds, about("invalid beyond: the generator after its own schedule")
    ] = 1_000.0
    loss: Annotated[Share | None, about("of the messages sent")] = 0.0
    duplicates: Annotated[Share | None, about("of the messages sent")] = None
    reordering: Annotated[Share | None, about("of the messages sent")] = None
    late: Annotated[Share | None, about("of the messages sent")] = None
    corrupted: Annotated[Share | None, about("of the messages sent")] = 0.0
    latency_p50_ms: Annotated[Milliseconds | None, about("due to received")] = None
    latency_p95_ms: Annotated[Milliseconds | None, about("due to received")] = None
    latency_p99_ms: Annotated[Milliseconds | None, about("due to received")] = None
    latency_max_ms: Annotated[Milliseconds | None, about("due to received")] = None
    puback_p99_ms: Annotated[Milliseconds | None, about("due to acknowledged")] = None
    command_p99_ms: Annotated[Milliseconds | None, about("command to result")] = None
    commands_unanswered: Annotated[Share | None, about("of the commands sent")] = None
    connect_failures: Annotated[Count | None, about("connections refused or timed out")] = None
    memory_growth: Annotated[Growth | None, about("of the generator, after the ramp")] = None
    stored_missing: Annotated[Share, about("of what the stores should have")] = 0.0
    faults_missed: Annotated[Share, about("of the faults that [verify.alarms] seeks")] = 0.0
    alarm_delay_p95: Annotated[
        SomeSeconds | None, about("s from a fault's begin to its first alarm")
    ] = None
    false_alarms: Annotated[Count | None, about("alarms without a fault")] = None
    false_alarms_per_device_day: Annotated[
        PerDeviceDay | None, about("false alarms a device and simulated day")
    ] = None
    kinds: list[KindThresholds] = msgspec.field(name="fault", default_factory=list)

    def faults(self) -> Iterator[tuple[str, str]]:
        """See `Section`."""
        names = [one.fault for one in self.kinds]
        for at, name in enumerate(names):
            if name in names[:at]:
                yield f"fault[{at}].fault", f"{name} has its thresholds already; put them together"
