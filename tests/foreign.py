"""A program of an environment of its own that tests ask and use: a line asks, a line answers."""

import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn

import pytest
from attrs import define

from tests.repository import ROOT


@define(eq=False)
class Foreign:
    """Such a program, while it runs."""

    process: "subprocess.Popen[str]"
    log: Path

    def ask(self, do: str, **given: Any) -> Any:
        """Return what it answers."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps({"do": do, "with": given}) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        assert line, f"it has ended: {self.log.read_text()[-2000:]}"
        answer = json.loads(line)
        assert "error" not in answer, answer
        return answer["answer"]


@contextmanager
def running(interpreter: Path, script: Path, log: Path, *arguments: Path) -> Iterator[Foreign]:
    """Run a script that answers (`tests/answering.py`), and end it with the block."""
    with log.open("a") as errors:
        process = subprocess.Popen(
            [str(interpreter), str(script), *map(str, arguments)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            cwd=log.parent,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
    try:
        yield Foreign(process, log)
    finally:
        process.kill()
        process.wait()


def skip_or_fail(reason: str, required: str) -> NoReturn:
    """Skip the test, or have it fail where the variable says that it must run."""
    if os.environ.get(required):
        pytest.fail(f"{reason}, and {required} is set")
    pytest.skip(reason)
