"""The folder of a run: a new one each time, and `latest` beside it."""

import os
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

LATEST = "latest"


def new_folder(parent: Path, now: datetime | None = None) -> Path:
    """Make a folder for a run that begins now, named by the time, UTC, and return it.

    Raises:
        OSError: it can not be made.
    """
    parent.mkdir(parents=True, exist_ok=True)
    for name in _names(now or datetime.now(UTC)):
        with suppress(FileExistsError):
            (folder := parent / name).mkdir()
            return folder
    raise AssertionError("there is always a next name")


def _names(now: datetime) -> Iterator[str]:
    name = f"{now:%Y-%m-%dT%H-%M-%SZ}"  # no colons: not every file system takes them
    yield name
    yield from (f"{name}-{number}" for number in count(2))


def link_latest(folder: Path) -> None:
    """Let `latest` beside the folder lead to it, in one step, whatever it led to before.

    Raises:
        OSError: it can not: something else has that name, or there are no links here.
    """
    link, made = folder.parent / LATEST, folder.parent / f".{LATEST}-{folder.name}"
    made.unlink(missing_ok=True)
    made.symlink_to(folder.name, target_is_directory=True)
    try:
        os.replace(made, link)
    except OSError:
        made.unlink()
        raise


def drop_if_empty(folder: Path) -> None:
    """Remove the folder of a run that left nothing."""
    with suppress(OSError):  # it is not empty, or there is none
        folder.rmdir()
