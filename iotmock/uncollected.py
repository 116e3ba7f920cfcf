"""Python's cyclic garbage collector, kept away where a process of ours begins and where it ends."""

import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

_SELDOM = (20_000, 1_000, 1_000)
"""It looks at what is young only: what an import throws away would else lie between what stays."""


@contextmanager
def uncollected() -> Iterator[None]:
    """Make within the block what stays, as imports do: the collector never looks at it again."""
    thresholds = gc.get_threshold()
    gc.set_threshold(*_SELDOM)
    try:
        yield
    finally:
        gc.freeze()
        gc.set_threshold(*thresholds)


def exit_uncollected(code: int) -> NoReturn:
    """End the process: the interpreter walks no more through what ends with it."""
    gc.freeze()
    sys.exit(code)
