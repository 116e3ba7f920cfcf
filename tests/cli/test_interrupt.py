"""Ctrl-C while a command imports what it needs: no traceback, and the exit code of a shell."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.patience import SLACK

SCORE = ("faults", "score", "--truth", "a", "--alarms", "b")


@pytest.mark.parametrize(
    ("module", "command"),
    [
        ("typer", ("--help",)),
        ("pydantic", ("plot", "x.csv")),
        ("attrs", ("profiles",)),
        ("httpx", ("devices",)),
        ("trio", ("watch",)),
        ("msgspec", ("doctor",)),
        ("rich", ("generate", "--profile", "hvac")),
        ("trio", ("soak", "check", "soak.toml")),
        ("environ", SCORE),
    ],
)
def test_while_a_command_imports(tmp_path: Path, module: str, command: tuple[str, ...]) -> None:
    # In its place, for the first import of it: the signal, in the midst of importing.
    (tmp_path / f"{module}.py").write_text(
        "import os, signal, time\nos.kill(os.getpid(), signal.SIGINT)\ntime.sleep(30)\n"
    )
    done = subprocess.run(
        [sys.executable, "-m", "iotmock", *command],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        timeout=25 * SLACK,
        check=False,
    )
    assert done.returncode in {130, -signal.SIGINT}
    assert (done.stdout, done.stderr) == ("", "")
