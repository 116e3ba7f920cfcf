"""A disk of a few megabytes that fills."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from attrs import define

_CHUNK = bytes(1 << 16)


@define(eq=False)
class SmallDisk:
    """A tmpfs of its own. Without the right to mount one (`is_real` False) it does not fill."""

    folder: Path
    is_real: bool
    is_full: bool = False
    fills: int = 0

    @property
    def _filler(self) -> Path:
        return self.folder / "filler"

    def fill(self) -> None:
        """Take all that is free, to the last byte."""
        if not self.is_real:
            return
        self.is_full = True
        self.fills += 1
        with self._filler.open("wb", buffering=0) as file:
            for chunk in (_CHUNK, b"\0"):
                self._write_all(file.fileno(), chunk)

    def _write_all(self, file: int, chunk: bytes) -> None:
        try:
            while os.write(file, chunk):
                pass
        except OSError:  # no space left, which is what it is for
            return

    @property
    def mark(self) -> int:
        """What `was_full_since` takes: that of now, when it is full, or of the next fill."""
        return self.fills if self.is_full else self.fills + 1

    def was_full_since(self, mark: int) -> bool:
        """Whether it was full at any moment since."""
        return self.fills >= mark

    def free(self) -> None:
        self._filler.unlink(missing_ok=True)
        self.is_full = False


@contextmanager
def small_disk(folder: Path, megabytes: int = 16) -> Iterator[SmallDisk]:
    """Mount one at `folder`."""
    folder.mkdir()
    options = f"size={megabytes}m"
    mount = ["mount", "-t", "tmpfs", "-o", options, "iotmock-chaos", str(folder)]
    is_real = subprocess.run(mount, capture_output=True, check=False).returncode == 0
    try:
        yield SmallDisk(folder, is_real)
    finally:
        if is_real:
            subprocess.run(["umount", "-l", str(folder)], check=True)
