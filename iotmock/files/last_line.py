"""The last line of what another process printed, which may be anything, and much of it."""

import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from iotmock.wording.quoted import one_line

_LAST_BYTES = 65_536
_MOST_SHOWN = 200


def last_line(file: Path, counts: Callable[[str], bool] = bool) -> str:
    """Return the last line that `counts`, fit for a sentence; nothing if there is none.

    What is not there any more has said nothing.
    """
    said = ""
    with suppress(OSError), file.open("rb") as source:
        source.seek(max(0, os.fstat(source.fileno()).st_size - _LAST_BYTES))
        said = source.read(_LAST_BYTES).decode(errors="replace")
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    return _short(next(filter(counts, reversed(lines)), ""))


def _short(line: str) -> str:
    shown = one_line(line[: _MOST_SHOWN + 1])
    return shown if len(shown) <= _MOST_SHOWN else f"{shown[:_MOST_SHOWN]}..."
