"""Standard output that can not be written: a full disk, a terminal or a reader that is gone."""

import errno
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress

_READER_IS_GONE = 1
_NOT_WRITTEN = 2
_REASONS = {errno.EPIPE, errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO}


@contextmanager
def written() -> Iterator[None]:
    """End with one line on stderr where it can not be written, wherever that is found out.

    Whose reader is gone has been read far enough, and says nothing.
    """
    try:
        yield
    except* OSError as group:
        error = next(_leaves(group))
        if not is_of_output(error):
            raise
        let_go_of_stdout()
        if error.errno == errno.EPIPE:
            sys.exit(_READER_IS_GONE)
        with suppress(OSError):
            sys.stderr.write(f"iotmock: the output can not be written: {error.strerror}\n")
        sys.exit(_NOT_WRITTEN)


def is_of_output(error: OSError) -> bool:
    """Say whether it is no named file's, and what writing to standard output may fail with."""
    return error.filename is None and error.errno in _REASONS


def let_go_of_stdout() -> None:
    """Let the rest go nowhere: else Python tries once more at its exit, and complains again."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _leaves(group: BaseExceptionGroup[OSError]) -> Iterator[OSError]:
    for error in group.exceptions:
        yield from _leaves(error) if isinstance(error, BaseExceptionGroup) else (error,)
