"""`make test-stalled`: a command whose processes stand still now and then, as on a busy machine.

A test that waits for what may have passed, or that takes a window of time for granted, passes on a
calm machine for months. Here it does not.
"""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from math import inf

from tests.service.process import children_of, said_of

_GAP_S = 2.0
"""Between two stalls, in the mean."""
_LONGEST_S = 5.0
_LOOK_S = 0.1
_SPARED = {"make", "sh", "bash", "chromium"}
"""A shell takes a job that is stopped for one that somebody has suspended."""


def run_stalled(
    command: Sequence[str], gap_s: float = _GAP_S, longest_s: float = _LONGEST_S
) -> tuple[int, int]:
    """Run a command; return its exit code, and how many stalls there were."""
    child, held, stalls = subprocess.Popen(command), dict[int, float](), 0
    try:
        while child.poll() is None:
            if random.random() < _LOOK_S / gap_s and (pid := _chosen(child.pid, held)):
                held[pid] = time.monotonic() + random.uniform(0.0, longest_s)
                stalls += _send(pid, signal.SIGSTOP)
            _let_go(held, time.monotonic())
            with suppress(subprocess.TimeoutExpired):
                child.wait(_LOOK_S)
    finally:
        _let_go(held, inf)
    return child.returncode, stalls


def _let_go(held: dict[int, float], now: float) -> None:
    for pid in [pid for pid, until in held.items() if until <= now]:
        del held[pid]
        _send(pid, signal.SIGCONT)


def _chosen(root: int, held: dict[int, float]) -> int | None:
    found = [pid for pid in _below(root) if pid not in held and _may_stand(pid)]
    return random.choice(found) if found else None


def _may_stand(pid: int) -> bool:
    # What a test itself has stopped would go on before its time.
    return said_of(pid, "comm").strip() not in _SPARED and not _is_stopped(pid)


def _is_stopped(pid: int) -> bool:
    return "\nState:\tT" in said_of(pid, "status")


def _below(pid: int) -> Iterator[int]:
    for child in children_of(pid):
        yield child
        yield from _below(child)


def _send(pid: int, what: signal.Signals) -> bool:
    try:
        os.kill(pid, what)
    except ProcessLookupError:
        return False
    return True


if __name__ == "__main__":
    code, stalls = run_stalled(sys.argv[1:])
    sys.stdout.write(f"{stalls} times a process stood still meanwhile\n")
    sys.exit(code)
