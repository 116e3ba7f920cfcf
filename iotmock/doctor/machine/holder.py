"""Who listens at a port, as far as Linux shows it (proc(5))."""

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

_PROC = Path("/proc")
_LISTENS = "0A"


def holder_of(port: int) -> str:
    """Return who listens at a port of this machine, in words; other users' are not shown to us."""
    sockets = {f"socket:[{inode}]" for inode in _listening(port)}
    for folder in _PROC.glob("[0-9]*"):
        if sockets & _open_files(folder):
            return f"{_name(folder)} (process {folder.name})"
    return "a process of another user, or one that can not be seen from here"


def _listening(port: int) -> Iterator[str]:
    for table in ("tcp", "tcp6"):
        for line in _text(_PROC / "net" / table).splitlines()[1:]:
            cells = line.split()
            if cells[3] == _LISTENS and int(cells[1].rpartition(":")[2], 16) == port:
                yield cells[9]


def _open_files(folder: Path) -> set[str]:
    found = set[str]()
    with suppress(OSError):  # it has ended meanwhile, or is another user's
        for file in (folder / "fd").iterdir():
            with suppress(OSError):
                found.add(os.readlink(file))
    return found


def _name(folder: Path) -> str:
    # Of arguments no more than the first two: there may be secrets among the others.
    words = _text(folder / "cmdline").split("\0")
    name = Path(words[0]).name or _text(folder / "comm").strip()
    return f"{name} -m {words[2]}" if words[1:2] == ["-m"] and len(words) > 2 else name


def _text(path: Path) -> str:
    try:
        return path.read_text(errors="replace")
    except OSError:
        return ""
