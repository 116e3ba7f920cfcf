"""A process of ours that is told values and says values, a line of JSON each."""

import subprocess
import sys
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path
from typing import BinaryIO

import msgspec
import trio
from attrs import define

from iotmock.files.last_line import last_line
from iotmock.soak.receiver.lines import read_lines
from iotmock.soak.run.error import SoakError

_encode = msgspec.json.Encoder().encode
_GONE = (trio.BrokenResourceError, trio.ClosedResourceError)

_USUAL = "[info "
"""What a log line has that tells of nothing wrong."""


class ChildGoneError(Exception):
    """The process has ended."""


@define(eq=False)
class Child:
    """A running `python -m module`; its stderr goes to the end of a file."""

    process: trio.Process
    log: Path

    @classmethod
    async def start(cls, nursery: trio.Nursery, module: str, log: Path) -> "Child":
        """Start one; it is killed when the nursery is cancelled.

        Raises:
            SoakError: the log can not be written.
        """
        command = [sys.executable, "-m", module]
        with _opened(log) as errors:
            run = partial(
                trio.run_process,
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                check=False,
                process_group=0,  # Ctrl-C is for us: while it imports, it would be its end
            )
            return cls(await nursery.start(run), log)

    async def tell(self, value: object) -> None:
        """Give it a value.

        Raises:
            ChildGoneError: it has ended.
        """
        assert self.process.stdin is not None, "started with a pipe"  # noqa: S101
        try:
            await self.process.stdin.send_all(_encode(value) + b"\n")
        except _GONE as error:
            raise ChildGoneError(self.why) from error

    async def lines(self) -> AsyncIterator[bytes]:
        """Yield what it says, until it ends."""
        assert self.process.stdout is not None, "started with a pipe"  # noqa: S101
        async for line in read_lines(self.process.stdout):
            yield line
        await self.process.wait()

    @property
    def why(self) -> str:
        """How it ended, and the last line of its log that tells of trouble."""
        code = self.process.returncode
        how = f"signal {-code}" if code is not None and code < 0 else f"exit code {code}"
        said = last_line(self.log, lambda line: _USUAL not in line)
        return ": ".join(filter(None, ["it ended" if code is None else how, said]))


def _opened(log: Path) -> BinaryIO:
    try:
        return log.open("ab")
    except OSError as error:
        raise SoakError(f"{log}: {error.strerror}") from error
