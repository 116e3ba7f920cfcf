"""The state file: what it keeps, and what it refuses to touch."""

import os
import shutil
import sqlite3
import subprocess
import sys
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import trio
from attrs import evolve

from iotmock.actors.ports.registry_file import Batch, EnergyCount, FileLostError
from iotmock.model.spec import DeviceRecord, DeviceSpec, DeviceState
from iotmock.storage import Registry, RegistryFileError
from iotmock.storage.schema import APPLICATION_ID, MIGRATIONS, VERSION

OURS = f"PRAGMA application_id = {APPLICATION_ID};"


def record(device_id: str, **more: Any) -> DeviceRecord:
    spec = DeviceSpec(device_id, "hvac", "HVAC ü", 25.0, 240.0, "Roof", 2.5)
    return DeviceRecord(spec, 1_700_000_000.0, DeviceState(settings={"setpoint": 21.5}, **more))


def write(file: Registry, batch: Batch) -> None:
    trio.run(file.write, batch)


def test_a_device_comes_back_as_it_was(tmp_path: Path) -> None:
    path = str(tmp_path / "state.db")
    file = Registry.open(path)
    count = EnergyCount("a", 12.5, 13.0, 1_700_000_100.0)
    devices = [record("a", enabled=False, online=False)]
    write(file, Batch(upserts=devices, energies=[count], closes=True))
    file.close()
    (loaded,) = Registry.open(path).load()
    expected = record("a", enabled=False, online=False, energy_kwh=12.5, last_seen=1_700_000_100.0)
    assert loaded == expected


@pytest.mark.parametrize(("closes", "kwh"), [(True, (12.5, 3.5)), (False, (13.0, 4.0))])
def test_what_was_fed_in_comes_back_beside_what_was_drawn(
    tmp_path: Path, closes: bool, kwh: tuple[float, float]
) -> None:
    path = str(tmp_path / "state.db")
    file = Registry.open(path)
    count = EnergyCount("a", 12.5, 13.0, 1_700_000_100.0, 3.5, 4.0)
    write(file, Batch(upserts=[record("a")], energies=[count], closes=closes))
    file.close()
    (loaded,) = Registry.open(path).load()
    assert (loaded.state.energy_kwh, loaded.state.back_kwh) == kwh


def test_a_file_without_registers_of_what_is_fed_in_is_looked_over_and_brought_forward(
    tmp_path: Path,
) -> None:
    path = str(tmp_path / "state.db")
    with sqlite3.connect(path) as db:
        db.executescript(f"{OURS} {''.join(MIGRATIONS[:3])} PRAGMA user_version = 3;")
        row = "'a', 'hvac', 'A', '', 25.0, 240.0, NULL, 1.0, 1, 1, '{}', NULL"
        db.execute(f"INSERT INTO devices VALUES ({row})")
        db.execute("INSERT INTO counters VALUES ('a', 12.5, 13.0, 1700000100.0)")
        db.execute("INSERT INTO fleet_counters VALUES ('f', 'g', 0, x'', x'', x'')")
    assert Registry.look_over(path) == 1
    file = Registry.open(path)
    (loaded,) = file.load()
    assert (loaded.state.energy_kwh, loaded.state.back_kwh) == (12.5, 0.0)
    (block,) = file.load_fleets().blocks.values()
    assert not block.back


def test_a_deleted_device_is_gone_with_its_counter(tmp_path: Path) -> None:
    file = Registry.open(str(tmp_path / "state.db"))
    write(file, Batch(upserts=[record("a"), record("b")], energies=[EnergyCount("a", 5, 5, None)]))
    write(file, Batch(deletes=["a"]))
    write(file, Batch(upserts=[record("a")]))
    assert {r.spec.device_id: r.state.energy_kwh for r in file.load()} == {"a": 0.0, "b": 0.0}


class NoCheckpoint(sqlite3.Connection):
    """A disk that fills up between a commit and the carrying over of the log."""

    def execute(self, sql: str, *args: Any) -> sqlite3.Cursor:
        if "wal_checkpoint" in sql:
            raise sqlite3.OperationalError("database or disk is full")
        return super().execute(sql, *args)


def test_what_is_committed_is_not_called_unsaved(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    connect = partial(sqlite3.connect, factory=NoCheckpoint)
    monkeypatch.setattr("iotmock.storage.registry.sqlite3.connect", connect)
    path = str(tmp_path / "state.db")
    file = Registry.open(path)
    write(file, Batch(upserts=[record("a")]))
    file._db.close()
    assert [found.spec.device_id for found in Registry.open(path).load()] == ["a"]


def test_after_a_kill_a_counter_goes_on_from_the_most_it_can_have_shown(tmp_path: Path) -> None:
    path = str(tmp_path / "state.db")
    script = f"""
import os, signal, trio
from iotmock.actors.ports.registry_file import Batch, EnergyCount
from iotmock.storage import Registry
from tests.storage.test_registry import record
file = Registry.open({path!r})
trio.run(file.write, Batch(upserts=[record("a")], energies=[EnergyCount("a", 5.0, 5.5, None)]))
os.kill(os.getpid(), signal.SIGKILL)
"""
    killed = subprocess.run([sys.executable, "-c", script], check=False)
    assert killed.returncode == -9
    file = Registry.open(path)
    assert file.load()[0].state.energy_kwh == 5.5
    write(file, Batch(energies=[EnergyCount("a", 6.0, 6.5, None)], closes=True))
    file.close()
    assert Registry.open(path).load()[0].state.energy_kwh == 6.0


def test_a_file_of_an_older_version_is_brought_forward(tmp_path: Path) -> None:
    path = tmp_path / "state.db"
    with sqlite3.connect(path, isolation_level=None) as db:
        db.executescript(MIGRATIONS[0] + "PRAGMA user_version = 1;" + OURS)
        db.execute(
            "INSERT INTO devices VALUES ('a', 'hvac', 'A', '', 25, 240, NULL, 1e9, 1, 1, '{}')"
        )
    db.close()
    file = Registry.open(str(path))
    (old,) = file.load()
    assert (old.spec.device_id, old.spec.profile) == ("a", None)
    write(file, Batch(upserts=[DeviceRecord(evolve(old.spec, profile="split"), old.created_at)]))
    file.close()
    assert Registry.open(str(path)).load()[0].spec.profile == "split"


def test_a_file_of_a_newer_version_is_left_untouched(tmp_path: Path) -> None:
    path = tmp_path / "state.db"
    Registry.open(str(path)).close()
    with sqlite3.connect(path) as db:
        db.execute(f"PRAGMA user_version = {VERSION + 1}")
    db.close()
    before = path.read_bytes()
    with pytest.raises(RegistryFileError, match=f"version {VERSION + 1}"):
        Registry.open(str(path))
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    "content", [b"no database at all" * 100, b"SQLite format 3\x00" + b"x" * 5000]
)
def test_a_corrupt_file_is_left_untouched(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "state.db"
    path.write_bytes(content)
    with pytest.raises(RegistryFileError, match="corrupt"):
        Registry.open(str(path))
    assert path.read_bytes() == content


def test_a_damaged_page_is_found_at_the_start(tmp_path: Path) -> None:
    path = tmp_path / "state.db"
    file = Registry.open(str(path))
    write(file, Batch(upserts=[record(f"d{number}") for number in range(500)]))
    file.close()
    damaged = bytearray(path.read_bytes())
    damaged[8192:12288] = bytes(4096)
    path.write_bytes(damaged)
    with pytest.raises(RegistryFileError, match="corrupt"):
        Registry.open(str(path))
    assert path.read_bytes() == damaged


def test_a_file_in_use_is_refused(tmp_path: Path) -> None:
    path = str(tmp_path / "state.db")
    first = Registry.open(path)
    with pytest.raises(RegistryFileError, match="in use"):
        Registry.open(path)
    first.close()
    Registry.open(path).close()


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(RegistryFileError, match="nowhere"):
        Registry.open(str(tmp_path / "nowhere" / "state.db"))


def test_memory_keeps_nothing() -> None:
    file = Registry.open(":memory:")
    write(file, Batch(upserts=[record("a")]))
    file.close()
    assert Registry.open(":memory:").load() == []


def test_a_batch_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    file = Registry.open(str(tmp_path / "state.db"))
    bad = EnergyCount("a", None, 0.0, None)  # type: ignore[arg-type]
    with pytest.raises(OSError, match="NOT NULL"):
        write(file, Batch(upserts=[record("a")], energies=[bad]))
    assert file.load() == []
    write(file, Batch(upserts=[record("a")]))
    assert len(file.load()) == 1


def test_a_full_disk_is_an_error_and_loses_nothing_that_was_written(tmp_path: Path) -> None:
    file = Registry.open(str(tmp_path / "state.db"))
    write(file, Batch(upserts=[record("kept")]))
    pages = file._db.execute("PRAGMA page_count").fetchone()[0]
    file._db.execute(f"PRAGMA max_page_count = {pages}")
    many = [record(f"d{number}") for number in range(1000)]
    with pytest.raises(OSError, match="full"):
        write(file, Batch(upserts=many))
    assert [r.spec.device_id for r in file.load()] == ["kept"]
    file._db.execute("PRAGMA max_page_count = 100000")
    write(file, Batch(upserts=many))
    assert len(file.load()) == 1001


@pytest.mark.parametrize("then", ["deleted", "replaced"])
def test_a_file_that_was_deleted_or_replaced_is_no_longer_written(
    tmp_path: Path, then: str
) -> None:
    path = tmp_path / "state.db"
    file = Registry.open(str(path))
    write(file, Batch(upserts=[record("a")]))
    path.rename(tmp_path / "away.db")
    if then == "replaced":
        path.write_bytes(b"")
    with pytest.raises(OSError, match="was deleted or replaced: restart the service"):
        write(file, Batch(upserts=[record("b")]))
    path.unlink(missing_ok=True)
    (tmp_path / "away.db").rename(path)
    write(file, Batch(upserts=[record("b")]))
    assert len(file.load()) == 2


@pytest.mark.parametrize("name", ["state.db", "state.db-wal"])
@pytest.mark.parametrize("left", [0, 0.5])
def test_a_file_that_was_cut_in_place_is_no_longer_written(
    tmp_path: Path, name: str, left: float
) -> None:
    path = tmp_path / "state.db"
    file = Registry.open(str(path))
    write(file, Batch(upserts=[record(f"d{number}") for number in range(100)]))
    os.truncate(tmp_path / name, int((tmp_path / name).stat().st_size * left))
    for _ in range(2):
        with pytest.raises(FileLostError, match=r"was cut or overwritten .* restart the service"):
            write(file, Batch(upserts=[record("late")]))
    file.close()


def test_an_older_copy_of_the_same_file_is_told_from_it(tmp_path: Path) -> None:
    backup, path = tmp_path / "backup.db", tmp_path / "state.db"
    file = Registry.open(str(path))
    write(file, Batch(upserts=[record("a")]))
    shutil.copyfile(path, backup)
    write(file, Batch(upserts=[record("b")]))
    shutil.copyfile(backup, path)
    with pytest.raises(FileLostError):
        write(file, Batch(upserts=[record("c")]))
    file.close()
    assert path.read_bytes() == backup.read_bytes()


def test_a_backup_that_is_copied_over_an_open_file_is_not_written_to(tmp_path: Path) -> None:
    backup, path = tmp_path / "backup.db", tmp_path / "state.db"
    other = Registry.open(str(backup))
    write(other, Batch(upserts=[record("of-the-backup")]))
    other.close()
    file = Registry.open(str(path))
    write(file, Batch(upserts=[record(f"d{number}") for number in range(100)]))
    write(file, Batch(energies=[EnergyCount("d1", 5.0, 5.5, None)]))  # in the log alone
    shutil.copyfile(backup, path)
    with pytest.raises(FileLostError):
        write(file, Batch(energies=[EnergyCount("d1", 6.0, 6.5, None)]))
    file.close()
    assert path.read_bytes() == backup.read_bytes()
    assert [found.spec.device_id for found in Registry.open(str(path)).load()] == ["of-the-backup"]


def test_an_end_whose_last_batch_failed_is_none(tmp_path: Path) -> None:
    path = str(tmp_path / "state.db")
    file = Registry.open(path)
    write(file, Batch(upserts=[record("a")], energies=[EnergyCount("a", 5.0, 5.5, None)]))
    bad = EnergyCount("a", None, 0.0, None)  # type: ignore[arg-type]
    with pytest.raises(OSError, match="NOT NULL"):
        write(file, Batch(energies=[bad], closes=True))
    file.close()
    assert Registry.open(path).load()[0].state.energy_kwh == 5.5


def test_a_start_that_wrote_nothing_leaves_the_counters_of_a_clean_end(tmp_path: Path) -> None:
    path = str(tmp_path / "state.db")
    file = Registry.open(path)
    count = EnergyCount("a", 5.0, 5.5, None)
    write(file, Batch(upserts=[record("a")], energies=[count], closes=True))
    file.close()
    Registry.open(path).close()
    assert Registry.open(path).load()[0].state.energy_kwh == 5.0
