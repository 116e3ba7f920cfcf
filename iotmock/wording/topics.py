"""What no topic may have that is sent to, and no level of one (MQTT 5.0, 1.5.4, 4.7)."""

import re

_PLANES = range(17)
_NO_CHARACTERS = "".join(chr(plane << 16 | last) for plane in _PLANES for last in (0xFFFE, 0xFFFF))
_REFUSED = re.compile(f"[+#\0-\x1f\x7f-\x9f\ufdd0-\ufdef{_NO_CHARACTERS}]")
"""Wildcards; and control characters and such, for which a broker may end the connection."""


def can_be_sent_to(text: str) -> bool:
    """Say whether none of a topic's characters is one for which brokers refuse it."""
    return _REFUSED.search(text) is None


def can_be_level(text: str) -> bool:
    """Say whether a text can be one level of a topic, and as it is."""
    return bool(text) and "/" not in text and can_be_sent_to(text)


def part_of_topic(text: str) -> str:
    """Return a text as a topic can have it: `_` for what brokers refuse."""
    return _REFUSED.sub("_", text)
