"""Topic names and filters: the rules of MQTT (5.0, 4.7)."""

from iotmock.mqtt.errors import InvalidMessage

_LONGEST = 65_535
_SHARED = "$share/"


def validate_topic_name(topic: str) -> None:
    """Check a topic that is published to.

    Raises:
        InvalidMessage: it is empty, too long, or has a wildcard or U+0000.
    """
    _validate_length(topic)
    if "+" in topic or "#" in topic:
        raise InvalidMessage(f"topic {topic[:80]!r} has a wildcard, which only filters may have")


def is_topic_name(topic: str) -> bool:
    """Say whether a topic can be published to."""
    try:
        validate_topic_name(topic)
    except InvalidMessage:
        return False
    return True


def validate_topic_filter(topic_filter: str) -> None:
    """Check a filter that is subscribed to.

    Raises:
        InvalidMessage: it is empty, too long, or has a wildcard in the wrong place; or it begins
            with `$share/` and is no shared subscription (MQTT 5.0, 4.8.2).
    """
    _validate_length(topic_filter)
    if is_shared(topic_filter):
        _, name, *shared = topic_filter.split("/", 2)
        if not name or "+" in name or not shared or not shared[0]:
            shown = repr(topic_filter[:80])
            raise InvalidMessage(f"topic filter {shown} is not $share/a name/a topic filter")
    *levels, last = topic_filter.split("/")
    for level in [*levels, "" if last == "#" else last]:
        if "#" in level or ("+" in level and level != "+"):
            raise InvalidMessage(f"topic filter {topic_filter[:80]!r} has a wildcard out of place")


def is_shared(topic_filter: str) -> bool:
    """Say whether a filter is that of a shared subscription."""
    return topic_filter.startswith(_SHARED)


def _validate_length(topic: str) -> None:
    if not topic or len(topic.encode(errors="surrogatepass")) > _LONGEST or "\x00" in topic:
        raise InvalidMessage(f"topic {topic[:80]!r} must have 1 to {_LONGEST} bytes and no U+0000")
