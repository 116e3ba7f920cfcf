"""How a template tells of readings: at which topics, and where in them the device is."""

from collections.abc import Iterable, Sequence

from iotmock.actors.ports.told import Told
from iotmock.dialects.template.commands import DEVICE_ID
from iotmock.dialects.template.topics import Topic

_DEVICE, _NAME = "{}", "{?}"


def told(topics: Sequence[Topic]) -> Told:
    """Return it; `topics` are those of the messages of a reading."""
    filters = apart(topic.filter({}) for topic in topics)
    return Told(filters, _device_level(topics), len(topics))


def _device_level(topics: Iterable[Topic]) -> int | None:
    """Return the level that is the device's id in all of them, from the start if it can be."""
    first, *others = (_levels_of_device(topic) for topic in topics)
    common = [level for level in first if all(level in other for other in others)]
    return common[0] if common else None


def _levels_of_device(topic: Topic) -> list[int]:
    """Return it counted from the start and the end, where no name between has several levels."""
    levels = _levels(topic)
    if levels.count(_DEVICE) != 1:
        return []
    at = levels.index(_DEVICE)
    found = [] if _names(levels[:at]) else [at]
    return found if _names(levels[at + 1 :]) else [*found, at - len(levels)]


def _levels(topic: Topic) -> list[str]:
    parts = (
        (_DEVICE if one == (True, DEVICE_ID) else _NAME if one[0] else one[1])
        for one in topic.parts
    )
    return "".join(parts).split("/")


def _names(levels: Iterable[str]) -> bool:
    return any(_NAME in level or _DEVICE in level for level in levels)


def apart(filters: Iterable[str]) -> tuple[str, ...]:
    """Return filters that hear all that these do, and of which no two hear the same.

    For a broker may bring a message once for each that fits (MQTT 5.0, 3.3.4).
    """
    found: list[str] = []
    for one in filters:
        wide = one
        while (other := next((kept for kept in found if _overlap(kept, wide)), None)) is not None:
            found.remove(other)
            wide = _both(other, wide)
        found.append(wide)
    return tuple(found)


def _overlap(one: str, other: str) -> bool:
    levels, others = one.split("/"), other.split("/")
    pairs = zip(levels, others, strict=False)
    return len(levels) == len(others) and all(a == b or "+" in {a, b} for a, b in pairs)


def _both(one: str, other: str) -> str:
    pairs = zip(one.split("/"), other.split("/"), strict=True)
    return "/".join(a if a == b else "+" for a, b in pairs)
