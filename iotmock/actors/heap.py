"""What keeps Python's cyclic collector from walking the whole fleet."""

import gc

_USUAL = gc.get_threshold()
_SELDOM = (10_000, 5, 1_000)
"""The young are at most 60,000, walked in milliseconds; the old are freed by count alone."""


def set_aside() -> None:
    """Let the collector look no more at what is alive now, and seldom at what comes.

    It walks all that lives whenever that has grown by a quarter, and each tick of a waiting device
    looks like growth: 100,000 devices were held up for a second, every second.
    """
    # Without a collection before: it would take 80 ms for each 1,000 devices beside 100,000, and
    # find some 20 objects of REST requests.
    gc.freeze()
    gc.set_threshold(*_SELDOM)


def take_back() -> None:
    """Let the collector work as usual: the fleets are gone."""
    gc.unfreeze()
    gc.set_threshold(*_USUAL)
