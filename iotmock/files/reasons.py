"""Why the system does not give a file, in words for people, and what to do."""

import errno
import os
from pathlib import Path

from iotmock.wording.quoted import quoted

_REASONS = {
    errno.ENOENT: "there is no such file; check the path",
    errno.EISDIR: "it is a folder and must be a file",
    errno.ENOTDIR: "a part of its path is a file and must be a folder",
    errno.EACCES: "this user may not; change its owner or its mode",
    errno.EEXIST: "it exists already; delete it or choose another name",
    errno.ELOOP: "its symbolic links lead in a circle; choose another path",
    errno.ENOSPC: "the disk is full; make room",
    errno.EDQUOT: "this user's share of the disk is full; make room",
    errno.EROFS: "its disk can only be read; choose another place",
}


def reason(error: OSError, path: Path | None = None) -> str:
    """Return why; of `path`, where the error does not name it."""
    file = path if path is not None else Path(os.fsdecode(error.filename or "."))
    if error.errno == errno.ENOENT and not file.parent.exists():
        return f"there is no folder {quoted(str(file.parent))}; make it, or check the path"
    return _REASONS.get(error.errno or 0) or error.strerror or str(error)
