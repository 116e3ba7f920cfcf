"""What the kernel knows of a process, and what a process says in its log."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from subprocess import Popen, TimeoutExpired

_TICKS_PER_S = os.sysconf("SC_CLK_TCK")
_POLL_S = 0.002
_GRACE_S = 15.0


def cpu_seconds(pid: int) -> float:
    """Return the user and system time of a process and its threads, in steps of 10 ms."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS_PER_S


def wait_logged(log: Path, text: str, seconds: float = 60.0) -> str:
    """Return the first line of a log that contains `text`, once it is there.

    Raises:
        TimeoutError: it does not come; with the log.
    """
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        for line in log.read_text().splitlines():
            if text in line:
                return line
        time.sleep(_POLL_S)
    raise TimeoutError(f"{text!r} did not come: {log.read_text()[-2000:]}")


@contextmanager
def ending(process: Popen[bytes]) -> Iterator[Popen[bytes]]:
    """End a process with the block: with SIGTERM, and with SIGKILL if that is not enough."""
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(_GRACE_S)
        except TimeoutExpired:
            process.kill()
            process.wait()


def resident_kb(pid: int) -> float:
    """Return the memory that a process holds for itself and its share of what it shares, in KB."""
    rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
    return float(next(line.split()[1] for line in rollup.splitlines() if line.startswith("Pss:")))
