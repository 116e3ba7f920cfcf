"""A wall clock that jumps while the service runs: libfaketime, told by a file."""

import os
from functools import cache
from pathlib import Path

from attrs import define

_LIBRARIES = ("/usr/lib", "/usr/local/lib")
_NAME = "libfaketimeMT.so.1"


@cache
def library() -> Path | None:
    """Return where libfaketime is, if it is."""
    found = (path for root in _LIBRARIES for path in Path(root).glob(f"**/faketime/{_NAME}"))
    return next(found, None)


@define(eq=False)
class OddClock:
    """The clock of the service; the monotonic one goes on as it should."""

    file: Path

    @property
    def is_real(self) -> bool:
        """Whether there is a libfaketime; without one it does not move."""
        return library() is not None

    @property
    def environment(self) -> dict[str, str]:
        """What the service is started with; nothing where there is no libfaketime."""
        if (where := library()) is None:
            return {}
        self.set(0)
        return {
            "LD_PRELOAD": str(where),
            "FAKETIME_TIMESTAMP_FILE": str(self.file),
            "FAKETIME_NO_CACHE": "1",
            "DONT_FAKE_MONOTONIC": "1",
        }

    def set(self, ahead_s: int) -> None:
        """Let it be so far ahead of the true time; negative is behind."""
        made = self.file.with_suffix(".new")
        made.write_text(f"{ahead_s:+d}")
        os.replace(made, self.file)  # it is read at any moment, and must be whole
