"""A folder of series: each file becomes a profile of the type `replay`, by its name.

So no client names a path: it names a profile, and what is a profile was found here at the start.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

from iotmock.files.reasons import reason
from iotmock.files.text_file import TextFileError
from iotmock.model.families.replay import profile_of, type_of
from iotmock.model.family import Catalogue, Profile
from iotmock.model.parts.flows.series import Series
from iotmock.replays.csv_rows import csv_rows
from iotmock.replays.errors import ReplayFileError, RowError
from iotmock.replays.parquet_rows import parquet_rows
from iotmock.replays.rows import series_of

MOST_FILES = 200
MOST_ROWS_OF_ALL = 5_000_000
_READERS = {".csv": csv_rows, ".parquet": parquet_rows}
_NAME = re.compile(r"[A-Za-z0-9_.-]{1,64}")
_SAMPLE = "sample"


def with_replays(catalogue: Catalogue, folder: str | None, timezone: str) -> Catalogue:
    """Give the type `replay` of a catalogue a profile for each file of a folder, if there is one.

    `timezone` is where times with a zone are laid on the days of the week.

    Raises:
        ReplayFileError: there is no such folder, or a file of it is not in order.
    """
    if folder is not None:
        catalogue.add(type_of(_profiles(Path(folder), ZoneInfo(timezone))))
    return catalogue


def _profiles(folder: Path, zone: ZoneInfo) -> list[Profile]:
    found: dict[str, Profile] = {}
    rows = 0
    for path in _files(folder):
        if path.stem in found or path.stem == _SAMPLE:
            raise ReplayFileError(path, f"the name {path.stem!r} is taken; give it another one")
        series = _series(path, zone)
        rows += len(series.kept.times)
        if rows > MOST_ROWS_OF_ALL:
            raise ReplayFileError(
                path, f"all files together have more than {MOST_ROWS_OF_ALL:,} rows; take some away"
            )
        found[path.stem] = profile_of(series, f"What {path.name} has.")
    return list(found.values())


def _files(folder: Path) -> Iterator[Path]:
    try:
        paths = sorted(path for path in folder.iterdir() if path.suffix.lower() in _READERS)
    except OSError as error:
        raise ReplayFileError(folder, reason(error, folder)) from error
    if len(paths) > MOST_FILES:
        raise ReplayFileError(folder, f"it has {len(paths):,} files; {MOST_FILES} are allowed")
    for path in paths:
        if not _NAME.fullmatch(path.stem):
            raise ReplayFileError(path, "its name must be 1 to 64 of A-Z a-z 0-9 _ . -")
        yield path


def _series(path: Path, zone: ZoneInfo) -> Series:
    try:
        return series_of(path.stem, _READERS[path.suffix.lower()](path), zone)
    except RowError as error:
        raise ReplayFileError(path, str(error)) from error
    except TextFileError as error:
        raise ReplayFileError(path, error.reason) from error
