"""Where the readings go: a file, or standard output."""

from collections.abc import Iterable
from pathlib import Path
from typing import TextIO

import typer
from attrs import frozen

from iotmock.history.formats import LINES, Format, csv_lines_of_fleets, write_parquet
from iotmock.history.series import Row


@frozen
class Target:
    """How and where readings are written; `path` None is standard output."""

    format: Format
    path: Path | None
    of_fleet: bool


def write(target: Target, readings: Iterable[Row]) -> None:
    """Write readings as they come.

    Raises:
        MissingExtraError: Parquet is wanted, and pyarrow is not installed.
        OSError: the file can not be written.
    """
    if target.format is Format.PARQUET and target.path is not None:
        write_parquet(readings, target.path, of_fleet=target.of_fleet)
        return
    csv_of_fleet = target.of_fleet and target.format is Format.CSV
    lines = (csv_lines_of_fleets if csv_of_fleet else LINES[target.format])(readings)
    if target.path is None:
        _write_lines(typer.get_text_stream("stdout"), lines)
    else:
        with target.path.open("w", encoding="utf-8", newline="\n") as file:
            _write_lines(file, lines)


def _write_lines(file: TextIO, lines: Iterable[str]) -> None:
    file.writelines(text + "\n" for text in lines)
