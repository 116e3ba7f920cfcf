"""How much memory the process may still take, by its cgroup or by the machine."""

from collections.abc import Iterator
from pathlib import Path

_CGROUP = Path("/sys/fs/cgroup")
_OWN = Path("/proc/self/cgroup")
_MEMINFO = Path("/proc/meminfo")
_NO_LIMIT = 2**60
"""What version 1 calls no limit is a number above this one."""


def bytes_left(cgroup: Path = _CGROUP, own: Path = _OWN, meminfo: Path = _MEMINFO) -> float:
    """Return the least of what every cgroup and the machine have left; infinite if none says."""
    return min((*_of_cgroups(cgroup, own), *_of_machine(meminfo)), default=float("inf"))


def _of_machine(meminfo: Path) -> Iterator[float]:
    for line in _lines(meminfo):
        if line.startswith("MemAvailable:"):
            yield int(line.split()[1]) * 1024.0


def _of_cgroups(root: Path, own: Path) -> Iterator[float]:
    for line in _lines(own):
        _, controllers, path = line.split(":", 2)
        if controllers == "":
            yield from _upwards(root, path, "memory.max", "memory.current", "inactive_file")
        elif "memory" in controllers.split(","):
            names = "memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file"
            yield from _upwards(root / "memory", path, *names)


def _upwards(
    root: Path, path: str, limit_name: str, usage_name: str, cache_name: str
) -> Iterator[float]:
    # In a container the own path may be that of the host: then only the root is there.
    inside = root / path.strip("/")
    for folder in (inside, *inside.parents):
        limit, usage = _number(folder / limit_name), _number(folder / usage_name)
        if limit is not None and usage is not None and limit < _NO_LIMIT:
            yield max(0.0, limit - usage + _of_stat(folder / "memory.stat", cache_name))
        if folder == root:
            return


def _of_stat(file: Path, name: str) -> float:
    # The kernel takes back cached pages of files before it kills anybody.
    for line in _lines(file):
        if line.startswith(f"{name} "):
            return float(line.split()[1])
    return 0.0


def _number(file: Path) -> int | None:
    text = "".join(_lines(file)).strip()
    return int(text) if text.isdecimal() else None


def _lines(file: Path) -> list[str]:
    try:
        return file.read_text().splitlines()
    except OSError:
        return []
