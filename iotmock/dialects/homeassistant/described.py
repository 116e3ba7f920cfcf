"""The channels of discovery, beside the native ones."""

from collections.abc import Iterator

from iotmock.actors.ports.channel import TEXT, Channel
from iotmock.dialects.homeassistant.topics import Topics

_PARAMETERS = {
    "uid": "the device's id, with what Home Assistant does not allow in one written otherwise",
    "platform": "what kind of entity it is, as sensor or switch",
    "entity": "which of the device's entities",
}


def discovery_channels(topics: Topics) -> Iterator[Channel]:
    """Yield them; of the first two only the one that HA_DISCOVERY has chosen is ever said."""
    yield Channel(
        topics.of_device("{uid}"),
        name="discovery",
        about="What Home Assistant shows of a device; removed when the device is deleted.",
        parameters=_PARAMETERS,
    )
    yield Channel(
        topics.of_component("{platform}", "{uid}", "{entity}"),
        name="discoveryOfEntity",
        about="What Home Assistant shows as one entity; removed when the device is deleted.",
        parameters=_PARAMETERS,
    )
    yield Channel(
        topics.status,
        "receive",
        name="homeAssistant",
        about="Home Assistant says online once it listens; then devices describe themselves.",
        schema={"type": "string", "enum": ["online", "offline"]},
        content_type=TEXT,
        examples=(b"online",),
    )
