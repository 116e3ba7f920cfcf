"""From topics to addresses: a topic with `{parameters}` where devices differ."""

import re
from collections.abc import Mapping
from functools import lru_cache

from iotmock.model.device import Device

_PARAMETER = re.compile(r"\{([a-z_0-9]+)\}")
_WORD = re.compile(r"[A-Za-z0-9]+")


def parameters_of(address: str) -> list[str]:
    """Return the names in an address, in order."""
    return list(dict.fromkeys(_PARAMETER.findall(address)))


def fits(address: str, topic: str) -> bool:
    """Say whether a topic is one of an address; a parameter is (a part of) a level."""
    return _pattern(address).fullmatch(topic) is not None


@lru_cache(maxsize=1_024)
def _pattern(address: str) -> re.Pattern[str]:
    pieces = _PARAMETER.split(address)  # text, name, text, name ... text
    return re.compile("[^/]+".join(re.escape(text) for text in pieces[::2]))


def is_heard_by(topic_filter: str, address: str) -> bool:
    """Say whether a subscription hears all of an address."""
    levels, wanted = topic_filter.split("/"), address.split("/")
    for number, level in enumerate(levels):
        if level == "#":
            return True
        if number >= len(wanted) or level not in {"+", wanted[number]}:
            return False
    return len(levels) == len(wanted)


def values_of(device: Device) -> dict[str, str]:
    """Return what of a device may stand in its topics, by the parameter's name."""
    spec = device.spec
    return {
        "device_id": spec.device_id,
        "name": spec.name,
        "location": spec.location,
        "type": spec.device_type,
    }


def general(topic: str, values: Mapping[str, str]) -> str:
    """Return the address of a topic: names for a device's values, and for wildcards.

    The first of the values, its id, is found within a level, too.
    """
    names = {value: f"{{{name}}}" for name, value in values.items() if value}
    first, *_ = values.items()
    levels = topic.split("/")
    return "/".join(
        names.get(level) or _named(level.replace(first[1], f"{{{first[0]}}}"), number)
        for number, level in enumerate(levels, 1)
    )


def _named(level: str, number: int) -> str:
    return {"+": f"{{level_{number}}}", "#": "{rest}"}.get(level, level)


def name_of(address: str) -> str:
    """Return what programs may call an address: the words in it, in camelCase."""
    words = _WORD.findall(_PARAMETER.sub("", address)) or parameters_of(address) or ["topic"]
    first, *others = (word.lower() if word.isupper() else word for word in words)
    return first[:1].lower() + first[1:] + "".join(word[:1].upper() + word[1:] for word in others)
