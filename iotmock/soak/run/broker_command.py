"""A phase's shell command, with all the processes that it starts."""

import os
import signal
import subprocess
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

import trio
from attrs import frozen

from iotmock.files.last_line import last_line
from iotmock.soak.scenario.timeline import BrokerCommand

_END_S = 2.0
"""What a killed process may take to be gone."""


@frozen
class ShellCommand:
    """Runs a phase's command in a process group of its own; what it prints is in a file.

    A file and no pipe: a daemon that the command leaves behind would hold a pipe open, and whoever
    reads it would wait for the daemon.
    """

    phase: BrokerCommand
    output: Path

    async def run(self) -> str | None:
        """Run it, for `timeout` s at the most; return what went wrong, if anything did.

        Cancelled, and after the timeout, its whole process group is killed.
        """
        try:
            with self.output.open("ab") as output:
                process = await self._start(output)
        except OSError as error:
            return f"{self.phase.label} could not be started: {error}"
        try:
            with trio.move_on_after(self.phase.timeout):
                return self._problem(await process.wait())
            return f"{self.phase.label} took too long and was killed"
        finally:
            if process.returncode is None:
                await _kill_group(process)

    async def _start(self, output: BinaryIO) -> trio.Process:
        return await trio.lowlevel.open_process(
            ["/bin/sh", "-c", self.phase.command],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )

    def _problem(self, code: int) -> str | None:
        if not code:
            return None
        said = last_line(self.output)
        return ": ".join(filter(None, [f"{self.phase.label} ended with {code}", said]))


async def _kill_group(process: trio.Process) -> None:
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    with trio.move_on_after(_END_S, shield=True):
        await process.wait()
