"""Imports that take long: Ctrl-C ends the process at once, and nothing of them is garbage."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager

from iotmock.uncollected import uncollected


@contextmanager
def imports() -> Iterator[None]:
    """Let the system end the process at Ctrl-C within the block, which imports what takes long.

    An exception in the midst of an import may be taken for a module that is missing.
    """
    before = signal.signal(signal.SIGINT, signal.SIG_DFL)
    try:
        with uncollected():
            yield
    finally:
        signal.signal(signal.SIGINT, before)
