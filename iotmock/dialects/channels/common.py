"""What is the same in every dialect: the service's own status, locations, the platform's events."""

from collections.abc import Iterator, Sequence

from iotmock.actors.ports.channel import JSON, TEXT, Channel
from iotmock.actors.routers.platform_event import PlatformEvent
from iotmock.dialects.channels.requests import any_of, example_of, requests_of
from iotmock.dialects.native import topics
from iotmock.model.device import Device
from iotmock.model.faults.entry import FaultEntry

_EVENT = b'{"device_data":{"name":"Office","type":"lighting","location":"Hall 1"}}'
_ACTION = "device.created, device.updated or device.deleted"


def common_channels(devices: Sequence[Device], *, mirrors: bool) -> Iterator[Channel]:
    """Yield them; of those that are sent some may never be said."""
    yield Channel(
        topics.mock_status_topic("{client_id}"),
        name="serviceStatus",
        about="Whether the service is connected; offline is the will of its connection.",
        schema={"type": "string", "enum": ["online", "offline"]},
        content_type=TEXT,
        is_of_service=True,
    )
    yield Channel(
        topics.faults_topic("{device_id}"),
        name="faults",
        about="A fault is taken up, begins, ends (FAULT_TOPIC=on).",
        schema=FaultEntry,
    )
    requests = requests_of(devices)
    yield Channel(
        topics.group_commands_topic("{location}"),
        "receive",
        name="groupCommands",
        about="A command to all devices of a location; each answers as if it were its own.",
        schema=any_of(requests),
        content_type=JSON,
        examples=(example_of(requests[0]),),
        is_command=True,
        is_of_service=True,
    )
    if mirrors:
        yield Channel(
            "energy/events/devices/{platform_id}/{action}",
            "receive",
            name="platformEvents",
            about="The platform announces its own devices, which are mirrored (PLATFORM_SYNC=on).",
            schema=PlatformEvent,
            content_type=JSON,
            examples=(_EVENT,),
            parameters={"platform_id": "the device's id on the platform", "action": _ACTION},
            is_of_service=True,
        )
