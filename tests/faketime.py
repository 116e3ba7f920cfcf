"""A time of day that a test sets, for a process of its own."""

import os
from pathlib import Path

import pytest
from attrs import define

_LIBRARIES = "*/faketime/libfaketimeMT.so.1"
_REQUIRED = "IOTMOCK_REQUIRE_FAKETIME"


@define(eq=False)
class FakeTime:
    """The time of day as a process sees it that runs with `environment`; only it jumps."""

    file: Path

    @property
    def environment(self) -> dict[str, str]:
        return {
            "LD_PRELOAD": str(_library()),
            "FAKETIME_TIMESTAMP_FILE": str(self.file),
            "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        }

    def set(self, ahead_s: float) -> None:
        """Let it be so many seconds ahead of what it is."""
        whole = self.file.with_suffix(".new")
        whole.write_text(f"{ahead_s:+.3f}\n")
        whole.replace(self.file)


def _library() -> Path:
    """Return the library that tells the time, or skip the test with the reason."""
    for folder in (Path("/usr/lib"), Path("/usr/local/lib")):
        if found := next(folder.glob(_LIBRARIES), None):
            return found
    reason = "libfaketime is not installed (Debian: faketime)"
    if os.environ.get(_REQUIRED):
        pytest.fail(f"{reason}, and {_REQUIRED} is set")
    pytest.skip(reason)


def fake_time(folder: Path, ahead_s: float = 0.0) -> FakeTime:
    """Return a time of day of a test's own."""
    time = FakeTime(folder / "time.rc")
    time.set(ahead_s)
    return time
