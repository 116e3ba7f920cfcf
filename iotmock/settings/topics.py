"""Parts of topics, as settings have them."""

import re

from iotmock.settings.numbers import NotAllowedError

_LEVEL = re.compile(r"[^/+#]{1,100}")


def topic(text: str) -> str:
    """Read the first levels of a topic."""
    if not text or text[0] in "/$" or text[-1] == "/" or set("+#\0") & set(text):
        raise NotAllowedError("use levels of a topic, without wildcards, as homeassistant")
    return text


def topic_level(text: str) -> str:
    """Return what can be one level of a topic."""
    if not _LEVEL.fullmatch(text) or not text.isprintable():
        raise NotAllowedError("1 to 100 characters without / + #")
    return text


def topic_level_or_none(text: str) -> str | None:
    """Return what can be one level of a topic, or None for an empty one."""
    return topic_level(text) if text else None
