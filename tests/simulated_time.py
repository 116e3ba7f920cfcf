"""Tests whose time goes on only in sleeps."""

from collections.abc import Awaitable, Callable, Sequence
from functools import partial

import pytest
import trio
from trio.abc import Clock, Instrument
from trio.testing import MockClock


def _run(
    test: Callable[[], Awaitable[None]],
    clock: Clock | None,
    instruments: Sequence[Instrument],
    idle_s: float,
) -> None:
    trio.run(test, clock=MockClock(autojump_threshold=idle_s), instruments=instruments)


simulated_time = pytest.mark.trio(run=partial(_run, idle_s=0.0))
"""Time stands still while anything is left to do, so that readings change only in sleeps."""

simulated_time_at_sockets = pytest.mark.trio(run=partial(_run, idle_s=0.02))
"""The same, for what the kernel may still be about to deliver: no deadline passes before it."""
