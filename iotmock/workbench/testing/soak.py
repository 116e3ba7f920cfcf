"""A soak test within a test: `assert iotmock_soak("scenario.toml").passed`."""

import subprocess
import sys
from itertools import count
from pathlib import Path
from typing import Any

import msgspec
from attrs import define, field, frozen

_PASSED, _FAILED = 0, 1


@frozen
class Verdict:
    """How a soak test ended; `lines` say it as its report does."""

    passed: bool
    folder: Path
    lines: str = field(repr=False)

    @property
    def report(self) -> Any:
        """Return report.json, as docs/how-to/soak.md describes it."""
        return msgspec.json.decode((self.folder / "latest" / "report.json").read_bytes())


@define(eq=False)
class Soak:
    """Runs scenarios, each with a folder for its report; `said` is what they said."""

    folder: Path
    said: list[str] = field(factory=list, init=False, repr=False)
    _numbers: "count[int]" = field(factory=lambda: count(1), init=False)

    def __call__(self, scenario: str | Path, *options: str) -> Verdict:
        """Run a scenario; `options` are those of `iotmock soak`.

        Raises:
            ValueError: the scenario can not be run, and why.
        """
        folder = self.folder / f"soak-{next(self._numbers)}"
        command = [sys.executable, "-m", "iotmock", "soak", str(scenario), "-o", str(folder)]
        done = subprocess.run(  # noqa: S603 - ourselves
            [*command, *options],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode not in {_PASSED, _FAILED}:
            raise ValueError(done.stderr.strip() or f"it ended with {done.returncode}")
        self.said.append(done.stdout)
        return Verdict(done.returncode == _PASSED, folder, done.stdout)
