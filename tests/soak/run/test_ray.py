"""Shards on a Ray cluster: the same totals, and a dead one starts again."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

from iotmock.soak.run.error import SoakError
from iotmock.soak.run.processes import ray_connection as connecting
from tests.mosquitto import free_port, running_mosquitto
from tests.patience import SLACK
from tests.service.process import said_of, wait_until
from tests.soak.scenarios import scenario, soaking

pytestmark = pytest.mark.long(60)
DEVICES = 100
SECONDS = 4
_REQUIRED = "IOTMOCK_REQUIRE_RAY"
_MARK = "IOTMOCK_TEST_CLUSTER"
WORKER = "iotmock.soak.shard.worker"
HEAD = [
    *(sys.executable, "-m", "ray.scripts.scripts", "start", "--head", "--block"),
    "--num-cpus=2",
    "--include-dashboard=false",
    "--disable-usage-stats",
    # Any that is free: those that it takes otherwise are other tests', too.
    "--min-worker-port=0",
    "--max-worker-port=0",
]
OF_RAY = {
    # Else it lets nobody in for ever once a worker has died at its start, or was slow.
    "RAY_prestart_worker_first_driver": "0",
    "RAY_worker_register_timeout_seconds": f"{60 * SLACK:g}",
    # They come last otherwise, and all the suite runs beside them.
    "RAY_worker_niceness": "0",
}
WITHOUT_IOTMOCK = """
from iotmock.__main__ import main
from iotmock.soak.run.processes import ray_cluster

class Lacking(ray_cluster.ShardActor):
    def __init__(self):
        import iotmock_that_no_node_has

ray_cluster.ShardActor = Lacking
main()
"""


@pytest.fixture(scope="module", name="cluster")
def ray_cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A cluster of this machine with two cores, on free ports."""
    if find_spec("ray") is None:
        if os.environ.get(_REQUIRED):
            pytest.fail(f"ray is not installed, and {_REQUIRED} is set")
        pytest.skip("ray is not installed (pip install '.[ray]')")
    port = free_port()
    # Sockets in its folder have long names, and a socket's name has at most 107 bytes.
    folder = Path(tempfile.gettempdir()) / f"ray-{port}"
    place = {"PYTHONPATH": os.pathsep.join(sys.path), _MARK: f"{port}"}
    with (tmp_path_factory.mktemp("log") / "ray.log").open("wb") as log:
        head = subprocess.Popen(
            [*HEAD, f"--port={port}", f"--temp-dir={folder}"],
            env=os.environ | OF_RAY | place,
            stdout=log,
            stderr=log,
        )
    try:
        wait_until(lambda: head.poll() is not None or _listens(port), 60, "Ray's head listens")
        assert head.poll() is None, "Ray's head has ended"
        address = f"127.0.0.1:{port}"
        _enter(address, folder / "session_latest/logs/raylet.out")
        yield address
    finally:
        head.terminate()  # it ends all that it has started
        head.wait(30 * SLACK)
        shutil.rmtree(folder, ignore_errors=True)


def _enter(address: str, log: Path) -> None:
    # That it listens does not mean that it lets anybody in yet.
    command = [sys.executable, "-m", connecting.__name__, address]
    try:
        subprocess.run(command, timeout=60 * SLACK, check=True)
    except subprocess.SubprocessError as error:
        pytest.fail(f"{error}\n{log.read_text()[-5_000:]}")


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def test_a_cluster_gives_the_same_totals_as_processes(tmp_path: Path, cluster: str) -> None:
    for place in (["--ray", cluster], []):
        folder = tmp_path / f"at{len(place)}"
        folder.mkdir()
        with running_mosquitto(folder) as broker:
            text = scenario(broker.port, DEVICES, SECONDS)
            with soaking(folder, text, "--workers", "2", *place) as soak:
                assert soak.wait() == 0, soak.said
        soak.check_sent(DEVICES * SECONDS)
        assert soak.totals["lost"] == 0
        assert [worker["devices"] for worker in soak.result["workers"]] == [50, 50]


def test_a_dead_shard_is_started_again_and_marked(tmp_path: Path, cluster: str) -> None:
    with running_mosquitto(tmp_path) as broker:
        text = scenario(broker.port, DEVICES, 14)
        with soaking(tmp_path, text, "--workers", "2", "--ray", cluster) as soak:
            soak.wait_for("1 s of")
            os.kill(_workers(cluster)[0], signal.SIGKILL)
            assert soak.wait() == 0, soak.said
    states = sorted(worker["state"] for worker in soak.result["workers"])
    assert states == ["finished", "restarted"]
    assert "died: exit code -9" in soak.said
    totals = soak.totals
    assert totals["lost"] == 0
    assert DEVICES * 14 * 0.5 < totals["sent"] < totals["due"]


def _workers(cluster: str) -> list[int]:
    """The cluster's own, by a variable that they have inherited from its head."""
    found = subprocess.run(["pgrep", "-f", WORKER], capture_output=True, text=True, check=True)
    mark = f"{_MARK}={cluster.rpartition(':')[2]}\0"
    pids = [int(pid) for pid in found.stdout.split()]
    return [pid for pid in pids if mark in said_of(pid, "environ")]


def test_a_cluster_that_is_not_there_is_one_line(tmp_path: Path, cluster: str) -> None:
    with soaking(tmp_path, scenario(1), "--ray", "127.0.0.1:1") as soak:
        assert soak.wait() == 2
    assert "no Ray cluster can be used at 127.0.0.1:1" in soak.said
    assert "Traceback" not in soak.said


def test_nodes_without_iotmock_are_one_line(tmp_path: Path, cluster: str) -> None:
    with (
        running_mosquitto(tmp_path) as broker,
        soaking(tmp_path, scenario(broker.port), "--ray", cluster, script=WITHOUT_IOTMOCK) as soak,
    ):
        assert soak.wait() == 2, soak.said
    assert "worker 0: ModuleNotFoundError: No module named 'iotmock_that_no_node_has'" in soak.said
    assert "Traceback" not in soak.said


def test_a_cluster_that_lets_nobody_in_is_told(cluster: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"127.0.0.1:{silent.getsockname()[1]}"
        with pytest.raises(SoakError, match=f"at {address}: it has let nobody in within 2 s"):
            connecting.connected(address, patience_s=2.0)
