"""The memory that is left, by both versions of cgroups and by the machine."""

from pathlib import Path

from iotmock.service.ground.memory import bytes_left

MB = 1024 * 1024


def written(folder: Path, **files: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / name.replace("__", ".")).write_text(text)


def left(tmp_path: Path) -> float:
    return bytes_left(tmp_path / "cgroup", tmp_path / "own", tmp_path / "meminfo")


def test_the_machine_says_what_is_available(tmp_path: Path) -> None:
    written(tmp_path, meminfo="MemTotal: 9 kB\nMemAvailable:  2048 kB\n", own="0::/\n")
    assert left(tmp_path) == 2 * MB


def test_a_cgroup_of_version_2_and_those_above_it_limit(tmp_path: Path) -> None:
    written(tmp_path, meminfo=f"MemAvailable: {900 * 1024} kB\n", own="0::/pod/box\n")
    stat = f"anon 1\ninactive_file {10 * MB}\n"
    pod = tmp_path / "cgroup" / "pod"
    written(pod, memory__max=f"{300 * MB}\n", memory__current=f"{250 * MB}\n", memory__stat=stat)
    written(pod / "box", memory__max="max\n", memory__current=f"{50 * MB}\n", memory__stat=stat)
    assert left(tmp_path) == 60 * MB


def test_a_cgroup_of_version_1_limits_also_where_only_its_root_is_seen(tmp_path: Path) -> None:
    written(tmp_path, own="7:cpu:/x\n5:memory,hugetlb:/docker/of-the-host\n0::/\n")
    stat = f"total_inactive_file {20 * MB}\n"
    root, limit = tmp_path / "cgroup" / "memory", str(200 * MB)
    usage = str(190 * MB)
    written(root, memory__limit_in_bytes=limit, memory__usage_in_bytes=usage, memory__stat=stat)
    assert left(tmp_path) == 30 * MB
    written(root, memory__limit_in_bytes=str(2**63 - 4096))
    assert left(tmp_path) == float("inf")


def test_this_machine_has_some_memory_left() -> None:
    assert bytes_left() > MB
