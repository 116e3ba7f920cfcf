"""Parts of topics, as settings have them."""

from iotmock.settings.numbers import NotAllowedError
from iotmock.wording.topics import can_be_level, can_be_sent_to

_LONGEST_LEVEL = 100


def topic(text: str) -> str:
    """Read the first levels of a topic."""
    if not text or text[0] in "/$" or text[-1] == "/" or not can_be_sent_to(text):
        raise NotAllowedError("use levels of a topic, without wildcards, as homeassistant")
    return text


def topic_level(text: str) -> str:
    """Return what can be one level of a topic."""
    if len(text) > _LONGEST_LEVEL or not can_be_level(text) or not text.isprintable():
        raise NotAllowedError("1 to 100 characters without / + #")
    return text


def topic_level_or_none(text: str) -> str | None:
    """Return what can be one level of a topic, or None for an empty one."""
    return topic_level(text) if text else None
