"""What a terminal is shown while a series is written."""

import os
import pty
import re
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC
from pathlib import Path
from typing import Any

from iotmock.history.page.plot import write_page
from iotmock.history.page.table import Table
from tests.patience import SLACK

COMMAND = [sys.executable, "-m", "iotmock", "generate", "--profile", "hvac", "--days", "2"]


def test_a_part_of_the_page_counts_when_it_is_drawn(tmp_path: Path) -> None:
    told: list[str] = []

    def drawn(part: Callable[[], str]) -> Callable[[], str]:
        def draw() -> str:
            told.append("drawn")
            return part()

        return draw

    def progress(parts: Iterable[Any], count: int, name: str, /) -> Iterator[Any]:
        told.append(f"{count} of the {name}")
        for part in parts:
            yield drawn(part)
            told.append("counted")

    table = Table("x")
    for at, power in ((0.0, 1.0), (900.0, 2.0), (1800.0, 3.0)):
        table.add(at, "a", {"power": power, "voltage": 230.0})
    write_page(tmp_path / "x.html", table, UTC, progress)
    assert told == ["5 of the page", *["drawn", "counted"] * 5]


def at_a_terminal(*command: str) -> str:
    """Run with stderr at a terminal, and return what it showed there."""
    ours, theirs = pty.openpty()
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=theirs) as process:
        os.close(theirs)
        shown = b""
        try:
            while some := os.read(ours, 65_536):
                shown += some
        except OSError:  # the other end has closed
            pass
        os.close(ours)
        assert process.wait(30 * SLACK) == 0
    return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", shown.decode())


def test_the_page_is_a_bar_of_its_own_and_all_is_done_when_it_is_said(tmp_path: Path) -> None:
    file, page = tmp_path / "x.csv", tmp_path / "x.html"
    shown = at_a_terminal(*COMMAND, "-o", str(file), "--plot", str(page))
    bars, said = shown[: shown.index("wrote")], shown[shown.index("wrote") :]
    readings, drawing = (re.findall(rf"{name} +\S+ +(\d+)%", bars) for name in ("readings", "page"))
    assert readings[-1] == drawing[-1] == "100"
    assert drawing[0] == "0"
    assert said.split() == [
        "wrote",
        f"{file}:",
        *["192", "readings", "of", "1", "device", "wrote"],
        str(page),
    ]
