"""All channels of dialects: what each says of itself, completed by what is seen of it."""

from collections.abc import Iterable, Iterator, Sequence

from attrs import evolve, frozen

from iotmock.actors.ports.channel import Channel, DescribesItself
from iotmock.actors.ports.dialect import Dialect
from iotmock.dialects.channels.book import Book, free_name
from iotmock.dialects.channels.common import common_channels
from iotmock.dialects.channels.seen import Onlooker, Seen
from iotmock.model.device import Device


@frozen
class Circumstances:
    """What the settings make of what is said and heard, in whatever dialect."""

    per_device: bool = False
    """Whether each device has a connection of its own."""
    announces_faults: bool = False
    mirrors: bool = True
    """Whether the platform's events are followed."""


@frozen
class Described:
    """All that is said and heard, and the wills of the two kinds of connections."""

    channels: Sequence[Channel]
    will_of_service: Seen | None
    will_of_device: Seen | None


def described(
    dialects: Sequence[Dialect], devices: Sequence[Device], around: Circumstances
) -> Described:
    """Return every channel of these dialects; the first one's connections are used.

    They must be new and nobody else's, for they may remember.
    """
    per_device, faults, qos = around.per_device, around.announces_faults, dialects[0].qos
    onlookers = [Onlooker(one, per_device, faults, qos) for one in dialects]
    found = [_seen_by(one, devices, mirrors=around.mirrors) for one in onlookers]
    return Described([*_joined(found)], *onlookers[0].wills(devices[0]))


def _seen_by(onlooker: Onlooker, devices: Sequence[Device], *, mirrors: bool) -> list[Channel]:
    channels, dialect = [*common_channels(devices, mirrors=mirrors)], onlooker.dialect
    if onlooker.is_alone:
        channels = [one for one in channels if one.direction == "send"]
    if isinstance(dialect, DescribesItself):
        channels[:0] = dialect.channels(devices)
    book = Book(channels)
    for seen in onlooker.said(devices):
        book.note_said(seen)
    for subscribed in onlooker.heard(devices):
        book.note_heard(subscribed)
    return [*book.complete()]


def _joined(found: Iterable[Sequence[Channel]]) -> Iterator[Channel]:
    """Yield the channels of several dialects, each once and by a name of its own."""
    names: dict[tuple[str, str], str] = {}
    for channels in found:
        new = [one for one in channels if (one.direction, one.address) not in names]
        for one in new:
            names[one.direction, one.address] = free_name(one.name, names.values())
        called = {one.name: names[one.direction, one.address] for one in channels}
        for one in new:
            replies = tuple(called[name] for name in one.replies if name in called)
            yield evolve(one, name=called[one.name], replies=replies)
