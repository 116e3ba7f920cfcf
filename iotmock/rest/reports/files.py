"""Files that somebody else wrote: read only if they are files, of here, and not too large."""

import os
import stat
from pathlib import Path

LARGEST = 256 * 1024 * 1024
"""Bytes; a `report.json` has a sample of some 600 bytes for each second: five days."""


def read_plain(file: Path, most: int = LARGEST) -> bytes:
    """Return what is in a file.

    Raises:
        OSError: it can not be read, is a link, which may lead anywhere, is a pipe or a device, of
            which there may be no end, or is larger than `most` bytes.
    """
    # Without O_NONBLOCK a pipe is waited for until somebody writes to it.
    handle = os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    with open(handle, "rb") as opened:
        status = os.fstat(handle)
        if not stat.S_ISREG(status.st_mode) or status.st_size > most:
            raise OSError(f"{file} is no file, or larger than {most:,} bytes")
        return opened.read(most)
