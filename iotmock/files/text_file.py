"""A small text file, as text; never a wait at a pipe, and never a traceback."""

import os
from pathlib import Path
from stat import S_ISREG

from iotmock.files.reasons import reason
from iotmock.wording.quoted import quoted


class TextFileError(Exception):
    """A file can not be read as text; `reason` is for the user and quotes nothing of the file."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"{quoted(str(path))}: {reason}")
        self.path, self.reason = path, reason


class NotUtf8Error(TextFileError):
    """A file is there, but is not UTF-8."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, "it is not UTF-8; save it as UTF-8")


def is_utf_8(variable: str) -> bool:
    """Say whether a variable was UTF-8: Python keeps other bytes of it as lone surrogates."""
    try:
        variable.encode()
    except UnicodeEncodeError:
        return False
    return True


def read_text(path: Path, limit: int) -> str:
    """Return a file of UTF-8, with or without a byte order mark; line ends stay as they are.

    `limit` is in bytes.

    Raises:
        NotUtf8Error: it has another encoding.
        TextFileError: it is missing, no regular file, or larger than `limit`.
    """
    try:
        return _decoded(path, _read(path, limit))
    except OSError as error:
        raise TextFileError(path, reason(error, path)) from error
    except ValueError as error:  # of open(): a NUL in the name
        raise TextFileError(path, str(error)) from error


def _read(path: Path, limit: int) -> bytes:
    with open(path, "rb", opener=_without_waiting) as file:
        if not S_ISREG(os.fstat(file.fileno()).st_mode):
            raise TextFileError(path, "it is a pipe or a device and must be a file")
        content = file.read(limit + 1)
    if len(content) > limit:
        raise TextFileError(path, f"it is larger than {limit:,} bytes")
    return content


def _without_waiting(path: str, flags: int) -> int:
    # A named pipe is usually opened when somebody opens its other end.
    return os.open(path, flags | os.O_NONBLOCK)


def _decoded(path: Path, content: bytes) -> str:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = "\0"
    if "\0" in text:  # UTF-16 without a mark decodes, too
        raise NotUtf8Error(path)
    return text
