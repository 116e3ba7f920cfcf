"""What keeps Python's cyclic collector from walking the whole fleet."""

import gc

_USUAL = gc.get_threshold()
_SELDOM = (20_000, 50, 100)
"""The oldest generation is walked every 100 million allocations: a fleet's are freed by count."""


def set_aside() -> None:
    """Let the collector look no more at what is alive now, and seldom at what comes.

    It walks all that lives whenever that has grown by a quarter, and each tick of a waiting device
    looks like growth: 100,000 devices were held up for a second, every second.
    """
    gc.collect(1)  # so that young garbage is not kept for ever
    gc.freeze()
    gc.set_threshold(*_SELDOM)


def take_back() -> None:
    """Let the collector work as usual: the fleets are gone."""
    gc.unfreeze()
    gc.set_threshold(*_USUAL)
