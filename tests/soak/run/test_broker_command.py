"""The shell command of a phase: real processes, their groups, and daemons that outlive it."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
import trio

from iotmock.soak.run.broker_command import ShellCommand
from iotmock.soak.scenario.timeline import BrokerCommand
from iotmock.soak.stores.polling import until
from tests.patience import within
from tests.service.process import said_of

PATIENCE_S = 20.0
SLEEPS = "sleep 300 & echo $! > pid"
"""What leaves a process behind; its number is in a file."""


def phase(folder: Path, command: str, timeout: float = 10.0) -> ShellCommand:
    made = BrokerCommand(at=0.0, command=f"cd {folder}; {command}", timeout=timeout, name="it")
    return ShellCommand(made, folder / "output.log")


def runs(folder: Path) -> bool:
    """Whether the process is there whose number the file has, and no corpse."""
    file = folder / "pid"
    if not file.exists() or not (text := file.read_text().strip()):
        return False
    status = said_of(text, "stat")
    return bool(status) and status.rsplit(")", 1)[1].split()[0] != "Z"


@contextmanager
def swept(folder: Path) -> Iterator[None]:
    """Leave no process behind."""
    try:
        yield
    finally:
        with suppress(ProcessLookupError, FileNotFoundError, ValueError):
            os.kill(int((folder / "pid").read_text()), signal.SIGKILL)


@pytest.mark.trio
async def test_a_command_that_takes_too_long_ends_with_all_that_it_started(tmp_path: Path) -> None:
    for timeout in (0.5, 5.0, 50.0):
        with swept(tmp_path):
            said = await phase(tmp_path, f"{SLEEPS}; wait", timeout=timeout).run()
            assert said == "it took too long and was killed"
            with within(PATIENCE_S):
                await until(lambda: not runs(tmp_path))
        if (tmp_path / "pid").exists():  # it had come so far
            return
    pytest.fail("the command has started nothing")


@pytest.mark.trio
async def test_a_run_that_ends_takes_the_command_along(tmp_path: Path) -> None:
    with swept(tmp_path), within(PATIENCE_S):
        async with trio.open_nursery() as nursery:
            nursery.start_soon(phase(tmp_path, f"{SLEEPS}; wait").run)
            await until(lambda: runs(tmp_path))
            nursery.cancel_scope.cancel()
        await until(lambda: not runs(tmp_path))


@pytest.mark.trio
async def test_a_daemon_does_not_make_the_command_late_and_stays(tmp_path: Path) -> None:
    with swept(tmp_path):
        assert await phase(tmp_path, SLEEPS).run() is None
        assert runs(tmp_path)


@pytest.mark.trio
async def test_a_command_that_fails_says_why_and_where(tmp_path: Path) -> None:
    command = phase(tmp_path, "echo begins; echo no such broker >&2; exit 3")
    assert await command.run() == "it ended with 3: no such broker"
    assert command.output.read_text() == "begins\nno such broker\n"


@pytest.mark.trio
async def test_a_command_that_prints_much_or_anything_is_one_short_line(tmp_path: Path) -> None:
    much = "head -c 3000000 /dev/zero | tr '\\0' x"
    evil = r"echo; printf '\033[2J\033]0;evil\007\377\n'"
    for command, shown in ((much, f"{'x' * 200}..."), (evil, r"\x1b[2J\x1b]0;evil\x07\ufffd")):
        assert await phase(tmp_path, f"{command}; exit 3").run() == f"it ended with 3: {shown}"


@pytest.mark.trio
async def test_a_command_whose_output_is_gone_has_said_nothing(tmp_path: Path) -> None:
    assert await phase(tmp_path, "rm output.log; exit 3").run() == "it ended with 3"


@pytest.mark.trio
async def test_a_full_disk_is_a_note(tmp_path: Path) -> None:
    (tmp_path / "output.log").mkdir()
    said = await phase(tmp_path, "true").run()
    assert said is not None
    assert said.startswith("it could not be started: ")
