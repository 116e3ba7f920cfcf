"""Ctrl-C while modules are imported: the process ends at once, without a traceback."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def imports() -> Iterator[None]:
    """Let the system end the process at Ctrl-C within the block, which imports what takes long.

    An exception in the midst of an import may be taken for a module that is missing.
    """
    before = signal.signal(signal.SIGINT, signal.SIG_DFL)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
