"""From messages that were seen to channels: what was described of each, completed."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import count
from typing import Any

from attrs import define, evolve, field

from iotmock.actors.ports.channel import JSON, Channel
from iotmock.dialects.channels.addresses import fits, is_heard_by, name_of
from iotmock.dialects.channels.payloads import content_type_of
from iotmock.dialects.channels.seen import Seen, Subscribed

_MOST_EXAMPLES = 8


@define
class Book:
    """Channels, and the messages that were seen at each."""

    channels: list[Channel]
    seen: dict[int, list[Seen]] = field(factory=dict)

    def note_said(self, seen: Seen) -> None:
        """Note a message at the channel that is described, or at one that is new."""
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
        """Note a subscription, if no channel is described that it hears."""
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
            elif channel.direction == "receive":
                yield channel
            elif channel.examples:
                yield evolve(channel, schema=_loose(channel.schema, channel.content_type))


def _completed(channel: Channel, seen: Sequence[Seen]) -> Channel:
    real = next((one for one in seen if one.is_data), seen[0]).channel()
    examples = tuple(dict.fromkeys((*channel.examples, *(one.payload for one in seen))))
    content_type = channel.content_type or content_type_of(examples)
    schema = channel.schema
    if any(one.is_answer for one in seen):
        schema = _loose(schema, content_type)
    return evolve(
        channel,
        about=channel.about or real.about,
        content_type=content_type,
        schema=schema,
        examples=examples[:_MOST_EXAMPLES],
        qos=real.qos,
        retain=real.retain,
        is_data=real.is_data,
        is_of_service=real.is_of_service,
    )


def _loose(schema: Any, content_type: str) -> Any:
    """Return the schema of answers: others may have nothing in common with those in examples."""
    return {} if schema is None and content_type == JSON else schema


def _named(channels: Iterable[Channel]) -> Iterator[Channel]:
    taken = set[str]()
    for channel in channels:
        name = free_name(channel.name or name_of(channel.address), taken)
        taken.add(name)
        yield evolve(channel, name=name)


def free_name(name: str, taken: Collection[str]) -> str:
    """Return a name, with a number where it is taken."""
    numbered = (name if number == 1 else f"{name}{number}" for number in count(1))
    return next(one for one in numbered if one not in taken)
