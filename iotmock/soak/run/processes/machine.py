"""The machine that a run is started from: its speed is part of what was measured."""

import os
import platform
import re
from contextlib import suppress
from pathlib import Path

from iotmock.soak.report.measures import Machine

_MODEL = re.compile(r"^model name\s*:\s*(.+)$", re.MULTILINE)
_GB = 1e9


def this_machine() -> Machine:
    """Return what it calls itself, and what it has."""
    return Machine(
        host=platform.node() or "this machine",
        system=f"{platform.system()} {platform.release()}",
        cpu=_cpu(),
        cores=len(os.sched_getaffinity(0)),
        memory_gb=round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / _GB, 1),
        python=platform.python_version(),
    )


def _cpu() -> str:
    with suppress(OSError):  # not every system has the file
        if found := _MODEL.search(Path("/proc/cpuinfo").read_text(encoding="utf-8")):
            return found[1]
    return platform.processor() or platform.machine()
