"""How long a test waits for what others do before it calls it missing."""

from contextlib import AbstractContextManager

import trio

SLACK = 12.0
"""How much longer than on an idle machine a test waits; it costs only what never comes.

With six tests to two cores of a machine at a third of its speed, what takes 20 s alone took 240.
"""

LATE = 4.0
"""How much later than on an idle machine what is timed may be."""


def within(seconds: float) -> AbstractContextManager[trio.CancelScope]:
    """Fail if the block takes longer; `seconds` are those of an idle machine."""
    return trio.fail_after(seconds * SLACK)
