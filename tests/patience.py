"""How long a test waits for what others do before it calls it missing."""

from contextlib import AbstractContextManager

import trio

SLACK = 4.0
"""How much longer than on an idle machine anything may take."""


def within(seconds: float) -> AbstractContextManager[trio.CancelScope]:
    """Fail if the block takes longer; `seconds` are those of an idle machine."""
    return trio.fail_after(seconds * SLACK)
