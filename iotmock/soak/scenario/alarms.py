"""Which alarms of a platform are heard, and how many faults they must find: `[verify.alarms]`."""

from collections.abc import Iterator
from typing import Annotated

import msgspec
from msgspec import Meta

from iotmock.soak.scenario.quantities import Count, Seconds, Share, SomeSeconds
from iotmock.soak.scenario.section import Section, Text, about
from iotmock.wording.patterns import whole

_LEVEL = r"(?:\+|[^+#/\x00]*)"
Filter = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=4_096,
        pattern=whole(rf"(?:{_LEVEL}/)*(?:#|{_LEVEL})"),
        extra={"words": "an MQTT topic filter such as alarms/# or alarms/+/raised"},
    ),
]
Filters = Annotated[
    list[Filter],
    Meta(min_length=1, max_length=100),
]
Port = Annotated[int, Meta(ge=1, le=65_535)]
Path = Annotated[str, Meta(max_length=200)]
"""The name of a field, with dots where it is within another; or none."""
Kinds = Annotated[list[Text], Meta(min_length=1, max_length=100)]
PerDeviceDay = Annotated[float, Meta(ge=0.0, le=1e9, extra={"unit": " a device and day"})]


class Alarms(Section, frozen=True, kw_only=True):
    """The alarms that a platform raises, held against the faults that the devices had."""

    topics: Annotated[
        Filters | None, about("topic filters of the broker under test, at which alarms come")
    ] = None
    http_port: Annotated[Port | None, about("a port of this machine to post alarms to")] = None
    http_host: Annotated[Text, about("0.0.0.0: from anywhere")] = "127.0.0.1"
    device_field: Annotated[Text, about("where an alarm names its device; dots go deeper")] = (
        "device_id"
    )
    time_field: Annotated[Path, about("where it says when; empty: when it came")] = "timestamp"
    kind_field: Annotated[Path, about("where it may name the fault; empty: nowhere")] = "kind"
    each: Annotated[Path, about("which field is a list of alarms, if one is")] = ""
    tolerance: Annotated[Seconds, about("s after a fault in which an alarm still counts")] = 60.0
    wait: Annotated[Seconds, about("s that the platform has after the last message")] = 10.0
    sought: Annotated[Kinds | None, about("kinds of faults to be found; all if left out")] = (
        msgspec.field(name="faults", default=None)
    )

    def faults(self) -> Iterator[tuple[str, str]]:
        """See `Section`."""
        if self.topics is None and self.http_port is None:
            yield "topics", "is missing; say where alarms come from: topics, http_port, or both"


class KindThresholds(Section, frozen=True, kw_only=True):
    """What is good enough for one kind of fault."""

    fault: Annotated[Text, about("the kind of fault")]
    missed: Annotated[Share | None, about("of these faults")] = None
    delay_p95: Annotated[SomeSeconds | None, about("s from its begin to its first alarm")] = None
    false_alarms: Annotated[Count | None, about("alarms of this kind without such a fault")] = None

    def faults(self) -> Iterator[tuple[str, str]]:
        """See `Section`."""
        if (self.missed, self.delay_p95, self.false_alarms) == (None, None, None):
            yield "fault", "is given and nothing asked of it: missed, delay_p95 or false_alarms"
