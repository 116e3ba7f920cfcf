"""hatasmota in an environment of its own, as tests ask and use it."""

import json
import os
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from attrs import define

from tests.mosquitto import PASSWORD, USERNAME
from tests.repository import ROOT
from tests.service.process import wait_until

_ENVIRONMENT = ROOT / "build" / "hatasmota"
_REQUIRED = "IOTMOCK_REQUIRE_HATASMOTA"
_INSIDE = Path(__file__).with_name("inside.py")


def python() -> Path:
    """Return the interpreter that has hatasmota, or skip the test with the reason."""
    found = _ENVIRONMENT / "bin" / "python"
    if not found.exists():
        reason = "hatasmota is not installed (make hatasmota)"
        if os.environ.get(_REQUIRED):
            pytest.fail(f"{reason}, and {_REQUIRED} is set")
        pytest.skip(reason)
    return found


@define(eq=False)
class Listener:
    """A hatasmota that runs and looks for devices."""

    process: "subprocess.Popen[str]"
    log: Path

    def ask(self, do: str, **given: Any) -> Any:
        """Return what it answers."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps({"do": do, "with": given}) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        assert line, f"hatasmota has ended: {self.log.read_text()[-2000:]}"
        answer = json.loads(line)
        assert "error" not in answer, answer
        return answer["answer"]

    def wait(self, name: str, is_so: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """Wait until an entity was told what it should be, and return all that it was told."""
        last: list[dict[str, Any] | None] = [None]

        def look() -> bool:
            last[0] = self.ask("states").get(name)
            return last[0] is not None and is_so(last[0])

        wait_until(look, 30, f"{name} in hatasmota, which was {last[0]} at last")
        assert last[0] is not None
        return last[0]


@contextmanager
def running_listener(folder: Path, port: int) -> Iterator[Listener]:
    """Start hatasmota on a broker, and end it with the block."""
    log = folder / "hatasmota.log"
    with log.open("a") as errors:
        process = subprocess.Popen(
            [str(python()), str(_INSIDE)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        )
    listener = Listener(process, log)
    try:
        listener.ask("setup", port=port, username=USERNAME, password=PASSWORD)
        yield listener
    finally:
        process.kill()
        process.wait()
