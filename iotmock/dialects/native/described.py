"""The native channels: which types go over them, and what answers commands."""

from collections.abc import Iterator, Sequence

from iotmock.actors.messages import CommandResult
from iotmock.actors.ports.channel import JSON, Channel
from iotmock.dialects.channels.requests import any_of, example_of, requests_of
from iotmock.dialects.native import topics
from iotmock.model.device import Device
from iotmock.model.measures.full_reading import FullReading
from iotmock.model.reading import Reading, StatusMessage

_ID = "{device_id}"


def native_channels(devices: Sequence[Device], *, full: bool = False) -> Iterator[Channel]:
    """Yield them; settings are among them only if they are said. `full`: READING is."""
    yield Channel(
        topics.data_topic(_ID),
        name="data",
        about="Each reading, every interval, of each device that is online and enabled.",
        schema=FullReading if full else Reading,
    )
    yield Channel(
        topics.status_topic(_ID),
        name="status",
        about="On every change and on every connect; removed when the device is deleted.",
        schema=StatusMessage,
    )
    yield Channel(
        topics.settings_topic(_ID),
        name="settings",
        about="What commands set, on every change and on every connect.",
    )
    yield commands_of(devices)
    yield Channel(
        topics.result_topic(_ID),
        name="result",
        about="The outcome of each command, once what has changed is saved.",
        schema=CommandResult,
    )


def commands_of(devices: Sequence[Device]) -> Channel:
    """Return where a device hears commands, with all that devices of these types know."""
    requests = requests_of(devices)
    return Channel(
        topics.commands_topic(_ID),
        "receive",
        name="commands",
        about="A command to one device. Sent at QoS 1; a retained one is carried out once.",
        schema=any_of(requests),
        content_type=JSON,
        examples=tuple(map(example_of, requests)),
        is_command=True,
    )
