"""Which files outlive the process: STATE_FILE, and the fault ledger beside it."""

import os
from pathlib import Path

from iotmock.settings.settings import Settings

MEMORY = ":memory:"
"""In place of a file: nothing is kept."""


def ledger_path(settings: Settings) -> str:
    """Return the file of the fault ledger."""
    if settings.fault_ledger is not None or settings.state_file == MEMORY:
        return settings.fault_ledger or MEMORY
    state_file = Path(settings.state_file)
    return str(state_file.with_name(f"{state_file.stem}-faults{state_file.suffix}"))


def is_one_file(settings: Settings) -> bool:
    """Say whether both are the same file."""
    one, other = settings.state_file, ledger_path(settings)
    if MEMORY in {one, other}:
        return False
    try:
        return os.path.samefile(one, other)  # a hard link is the same file, too
    except OSError:
        return os.path.realpath(one) == os.path.realpath(other)
