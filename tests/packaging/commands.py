"""Commands that must work, and what they say."""

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

from tests.patience import SLACK

# Python's own settings would let one environment see another.
_SETTINGS = ("PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV")


def clean_environment(**more: str) -> dict[str, str]:
    """Return the environment of somebody who has not activated anything."""
    return {name: text for name, text in os.environ.items() if name not in _SETTINGS} | more


def run(
    *command: str | Path,
    cwd: Path | None = None,
    seconds: float = 120.0,
    env: Mapping[str, str] | None = None,
) -> str:
    """Run a command and return its output; `seconds` are those of an idle machine."""
    done = subprocess.run(
        [*map(str, command)],
        cwd=cwd,
        env=clean_environment() if env is None else env,
        capture_output=True,
        text=True,
        timeout=seconds * SLACK,
        check=False,
    )
    assert done.returncode == 0, (done.stdout + done.stderr)[-4000:]
    return done.stdout
