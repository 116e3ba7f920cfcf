"""What was not delivered, in words: for the last lines of a log."""

from collections import Counter

from iotmock.actors.outbox.carrier import Carrier

_NAMED = 5
"""So many devices are named."""


def undelivered(carrier: Carrier) -> dict[str, object]:
    """Return the facts about messages without an answer: how many of each kind, and whose.

    Empty when the broker has answered for everything.
    """
    waiting = carrier.statistics().waiting
    if not waiting:
        return {}
    kinds: Counter[str] = Counter()
    devices: dict[str, None] = {}
    for kind, device_id in carrier.unanswered():
        kinds[kind.value] += 1
        devices[device_id] = None
    return {"messages": waiting, **kinds, "devices": _first_of(list(devices))}


def _first_of(devices: list[str]) -> str:
    more = len(devices) - _NAMED
    return ", ".join(devices[:_NAMED]) + (f" and {more} more" if more > 0 else "")
