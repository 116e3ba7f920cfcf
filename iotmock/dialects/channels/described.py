"""All channels of a dialect: what it says of itself, completed by what is seen of it."""

from collections.abc import Iterable, Iterator, Sequence

from attrs import define, evolve, field, frozen

from iotmock.actors.ports.channel import Channel, DescribesItself
from iotmock.actors.ports.dialect import Dialect
from iotmock.dialects.channels.addresses import fits, is_heard_by, name_of
from iotmock.dialects.channels.common import common_channels
from iotmock.dialects.channels.payloads import content_type_of
from iotmock.dialects.channels.seen import Onlooker, Seen, Subscribed
from iotmock.model.device import Device

_MOST_EXAMPLES = 8


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


def described(dialect: Dialect, devices: Sequence[Device], around: Circumstances) -> Described:
    """Return every channel; the dialect must be new and nobody else's, for it may remember."""
    channels = [*common_channels(devices, mirrors=around.mirrors)]
    if isinstance(dialect, DescribesItself):
        channels[:0] = dialect.channels(devices)
    onlooker = Onlooker(dialect, around.per_device, around.announces_faults)
    book = _Book(channels)
    for seen in onlooker.said(devices):
        book.note_said(seen)
    for subscribed in onlooker.heard(devices):
        book.note_heard(subscribed)
    return Described([*book.complete()], *onlooker.wills(devices[0]))


@define
class _Book:
    """Channels, and the messages that were seen at each."""

    channels: list[Channel]
    seen: dict[int, list[Seen]] = field(factory=dict)

    def note_said(self, seen: Seen) -> None:
        known = (
            number
            for number, channel in enumerate(self.channels)
            if channel.direction == "send" and fits(channel.address, seen.topic)
        )
        number = next(known, len(self.channels))
        if number == len(self.channels):
            self.channels.append(seen.channel())
        self.seen.setdefault(number, []).append(seen)

    def note_heard(self, subscribed: Subscribed) -> None:
        wanted, address = subscribed.topic_filter, subscribed.address
        for known in self.channels:
            is_known = is_heard_by(wanted, known.address) or fits(known.address, address)
            if known.direction == "receive" and is_known:
                return
        of_service = subscribed.is_of_service
        self.channels.append(Channel(address, "receive", is_of_service=of_service))

    def complete(self) -> Iterator[Channel]:
        """Yield the channels, without those to be sent to at which nothing is ever said."""
        channels = [*_named(self.channels)]
        answers = [
            channels[number].name
            for number, seen in self.seen.items()
            if any(one.is_answer for one in seen)
        ]
        for number, channel in enumerate(channels):
            seen = self.seen.get(number)
            if seen:
                yield _completed(channel, seen)
            elif channel.is_command:
                replies = dict.fromkeys((*channel.replies, *answers))
                yield evolve(channel, replies=tuple(replies))
            elif channel.direction == "receive" or channel.examples:
                yield channel


def _completed(channel: Channel, seen: Sequence[Seen]) -> Channel:
    real = seen[0].channel()
    examples = tuple(dict.fromkeys((*channel.examples, *(one.payload for one in seen))))
    return evolve(
        channel,
        about=channel.about or real.about,
        content_type=channel.content_type or content_type_of(examples),
        examples=examples[:_MOST_EXAMPLES],
        qos=real.qos,
        retain=real.retain,
        is_data=real.is_data,
        is_of_service=real.is_of_service,
    )


def _named(channels: Iterable[Channel]) -> Iterator[Channel]:
    taken = set[str]()
    for channel in channels:
        name = first = channel.name or name_of(channel.address)
        number = 1
        while name in taken:
            number += 1
            name = f"{first}{number}"
        taken.add(name)
        yield evolve(channel, name=name)
