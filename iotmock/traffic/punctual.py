"""What a process does so that nothing of its own keeps a message from its moment."""

import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager

_SWITCH_S = 0.000_5
"""For how long the thread that reads or writes the file may run on (Python's own: 5 ms)."""


@contextmanager
def punctual() -> Iterator[None]:
    """Be on time within the block, at the price of some work."""
    switch = sys.getswitchinterval()
    sys.setswitchinterval(_SWITCH_S)
    gc.freeze()  # all that was imported: to walk through it takes some 20 ms
    try:
        yield
    finally:
        gc.unfreeze()
        sys.setswitchinterval(switch)
