"""A sound state file is never taken for a damaged one, and a link to it is no way around a look."""

import errno
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from iotmock.actors.ports.registry_file import Batch, EnergyCount, FileLostError
from iotmock.storage import Registry
from tests.storage.test_registry import record, write


def stalling(calls: Iterator[bool]) -> object:
    """`os.pread` as of a network file system that does not answer each time."""

    def pread(descriptor: int, size: int, offset: int) -> bytes:
        if next(calls):
            raise OSError(errno.ETIMEDOUT, "the test wants it")
        return real(descriptor, size, offset)

    real = os.pread
    return pread


def test_a_look_that_fails_says_nothing_of_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "state.db"
    file = Registry.open(str(path))
    write(file, Batch(upserts=[record("a")], energies=[EnergyCount("a", 1.0, 2.0, None)]))
    with monkeypatch.context() as patch:
        patch.setattr(os, "pread", stalling(iter([False, True])))
        with pytest.raises(OSError, match="the test wants it"):
            write(file, Batch(upserts=[record(f"d{number}") for number in range(200)]))
    write(file, Batch(energies=[EnergyCount("a", 62.0, 63.0, None)], closes=True))
    file.close()
    loaded = {
        found.spec.device_id: found.state.energy_kwh for found in Registry.open(str(path)).load()
    }
    assert (len(loaded), loaded["a"]) == (201, 62.0)


def test_a_file_that_was_made_to_get_shorter_no_longer_does(tmp_path: Path) -> None:
    path = tmp_path / "state.db"
    Registry.open(str(path)).close()
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA auto_vacuum = FULL")
        db.execute("VACUUM")
    file = Registry.open(str(path))
    names = [f"d{number}" for number in range(400)]
    write(file, Batch(upserts=[record(name) for name in names]))
    for some in (names[:200], names[200:]):
        write(file, Batch(deletes=some))
    write(file, Batch(upserts=[record("last")]))
    assert [found.spec.device_id for found in file.load()] == ["last"]


@pytest.fixture
def linked(tmp_path: Path) -> tuple[Path, Path]:
    """A link in a folder of its own, and the file that it leads to."""
    link = tmp_path / "folder" / "link.db"
    link.parent.mkdir()
    link.symlink_to(tmp_path / "state.db")
    return link, tmp_path / "state.db"


def test_the_log_of_a_file_behind_a_link_is_looked_at(linked: tuple[Path, Path]) -> None:
    link, path = linked
    file = Registry.open(str(link))
    write(file, Batch(upserts=[record("a")]))
    os.truncate(f"{path}-wal", 0)
    with pytest.raises(FileLostError):
        write(file, Batch(upserts=[record("b")]))
    file.close()


def test_what_is_in_the_log_of_a_file_behind_a_link_is_looked_over(
    linked: tuple[Path, Path], tmp_path: Path
) -> None:
    link, path = linked
    other = tmp_path / "other.db"
    file = Registry.open(str(other))
    write(file, Batch(upserts=[record("a")]))
    file._commit(Batch(upserts=[record("b")]))  # the log has it, as where a kill comes now
    for end in ("", "-wal"):
        shutil.copyfile(f"{other}{end}", f"{path}{end}")
    file.close()
    assert Registry.look_over(str(link)) == 2
