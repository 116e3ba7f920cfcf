"""Whether what is kept can be kept: the state file, the ledger, the room on their disk."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from attrs import frozen

from iotmock.doctor.finding import Finding, ok, problem, warning
from iotmock.model.families import installed
from iotmock.settings.settings import Settings
from iotmock.settings.state_files import MEMORY, ledger_path
from iotmock.storage import FaultLedger, FileInUseError, Registry, RegistryFileError

_TOO_LITTLE, _LITTLE = 10_000_000, 200_000_000
"""Bytes that are free: a fleet of 50,000 takes some 20 MB, a busy ledger more."""


@frozen
class Kept:
    """The findings about the files, and how many devices the state file has."""

    findings: tuple[Finding, ...]
    devices: int = 0


def kept_files(settings: Settings, *, runs: bool) -> Kept:
    """Look at the files, without writing to them; `runs` says that a service does."""
    if settings.state_file == MEMORY:
        return Kept((ok("state file", ":memory: keeps nothing beyond the end of the service"),))
    devices, state = _state_file(settings.state_file, runs=runs)
    places = {settings.state_file, ledger_path(settings)} - {MEMORY}
    folders = {str(Path(one).absolute().parent) for one in places}
    disk = [finding for folder in sorted(folders) for finding in _disk(Path(folder))]
    return Kept((state, *_ledger(ledger_path(settings)), *disk), devices)


def _state_file(path: str, *, runs: bool) -> tuple[int, Finding]:
    check, devices = "state file", 0
    if not os.path.lexists(path):
        return 0, ok(check, f"{path} is not there yet; the first start makes it")
    try:
        devices = Registry.look_over(path, installed().check)
    except FileInUseError as error:
        if runs:
            return 0, ok(check, f"{path} is in use by the service that runs")
        text = str(error).partition(";")[0]
        return 0, problem(check, text, "end the other service, or set STATE_FILE to another file")
    except RegistryFileError as error:
        return 0, problem(check, str(error), "it was left as it is; set STATE_FILE to another file")
    return devices, _writable(check, path) or ok(check, f"{path} is in order, {devices:,} devices")


def _ledger(path: str) -> Iterator[Finding]:
    check = "fault ledger"
    if path == MEMORY or not os.path.lexists(path):
        return
    try:
        FaultLedger.look_over(path)
    except RegistryFileError as error:
        advice = "it was left as it is; set FAULT_LEDGER to another file"
        yield problem(check, str(error), advice)
        return
    yield _writable(check, path) or ok(check, f"{path} is in order")


def _writable(check: str, path: str) -> Finding | None:
    if os.access(path, os.W_OK):
        return None
    return problem(check, f"{path} can not be written", f"let this user write it: chmod u+w {path}")


def _disk(folder: Path) -> Iterator[Finding]:
    check = "disk"
    if not folder.is_dir():
        yield problem(check, f"the folder {folder} is not there", f"make it: mkdir -p {folder}")
        return
    if not os.access(folder, os.W_OK | os.X_OK):
        advice = "let this user write there, or set STATE_FILE to a file in another folder"
        yield problem(check, f"nothing can be written in {folder}", advice)
        return
    yield _room(check, folder, shutil.disk_usage(folder).free)


def _room(check: str, folder: Path, free: int) -> Finding:
    said = f"{free / 1e6:,.0f} MB are free in {folder}"
    if free < _TOO_LITTLE:
        return problem(check, said, "make room, or set STATE_FILE to a file on another disk")
    if free < _LITTLE:
        return warning(check, said, "make room before it is full: nothing would be kept then")
    return ok(check, said)
