"""Runs that end before their time."""

import json
import os
import signal
import socket
from contextlib import closing
from pathlib import Path

import pytest
import trio

from iotmock.soak.run.error import SoakError
from iotmock.soak.run.monitor import Flow
from iotmock.soak.run.processes.child import Child
from tests.mosquitto import PASSWORD, USERNAME, running_mosquitto
from tests.service.process import said_of, subscribed, wait_until
from tests.soak.scenarios import scenario, soaking

pytestmark = pytest.mark.long(35)

BAD_INPUT, INVALID, INTERRUPTED = 2, 3, 130
WORKER = "iotmock.soak.shard.worker"
RECEIVER = "iotmock.soak.receiver.process"
SECONDS = 60.0
"""How long a run would take that does not end early."""


def test_a_receiver_that_is_killed_ends_the_run_which_proves_nothing(tmp_path: Path) -> None:
    with (
        running_mosquitto(tmp_path) as broker,
        soaking(tmp_path, scenario(broker.port, 50, SECONDS), "--workers", "2") as soak,
    ):
        soak.wait_for("1 s of")
        os.kill(soak.children(RECEIVER)[0], signal.SIGKILL)
        assert soak.wait(30) == INVALID, soak.said
    assert "the receiver died, and with it the run ended: signal 9" in soak.said
    assert "Traceback" not in soak.said
    assert soak.result["duration_s"] < SECONDS
    assert soak.totals["sent"] >= soak.totals["received"]
    assert [worker["state"] for worker in soak.result["workers"]] == ["finished"] * 2
    assert "the receiver died: signal 9" in [event["text"] for event in soak.result["events"]]


def test_ctrl_c_before_the_first_second(tmp_path: Path) -> None:
    with (
        running_mosquitto(tmp_path) as broker,
        soaking(tmp_path, scenario(broker.port, 50, SECONDS), "--json") as soak,
    ):
        wait_until(lambda: bool(soak.children(WORKER)), 30, "a worker")
        soak.interrupt()
        assert soak.wait(30) == INTERRUPTED, soak.said
    assert 0 <= soak.result["duration_s"] < SECONDS
    (event,) = soak.result["events"]
    assert (event["kind"], event["t"] < SECONDS) == ("interrupted", True)
    verdict = json.loads(soak.said[soak.said.rindex("\n{\n") :])
    assert (verdict["status"], verdict["exit_code"]) == ("interrupted", INTERRUPTED)
    assert len([file for file in verdict["reports"] if (tmp_path / file).exists()]) == 3


@pytest.mark.parametrize("asked", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_while_the_broker_is_still_asked(tmp_path: Path, asked: signal.Signals) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as silent:
        text = scenario(silent.getsockname()[1], 50, SECONDS)
        with soaking(tmp_path, text) as soak:
            peer, _ = silent.accept()
            soak.process.send_signal(asked)
            assert soak.wait(20) == INTERRUPTED, soak.said
            peer.close()
    assert "Traceback" not in soak.said
    assert soak.runs == []


@pytest.mark.parametrize(
    "asked", [[signal.SIGKILL], [signal.SIGTERM, signal.SIGTERM], [signal.SIGINT, signal.SIGINT]]
)
def test_an_abrupt_end_leaves_nothing_at_the_broker(
    tmp_path: Path, asked: list[signal.Signals]
) -> None:
    with running_mosquitto(tmp_path) as broker:
        text = scenario(broker.port, 40, SECONDS, fleet="connections = 'pool:2'")
        with soaking(tmp_path, text, "--workers", "2") as soak:
            soak.wait_for("1 s of")
            workers = soak.children(WORKER)
            for number in asked:
                soak.process.send_signal(number)
                if asked[1:]:
                    soak.wait_for("interrupted")
            assert soak.wait(30) != 0
            wait_until(lambda: not any(map(runs, workers)), 40, "the end of the workers")
        with subscribed(broker.port, topic="energy/#") as left:
            assert not left.messages
    assert "Traceback" not in soak.said


def test_what_an_abrupt_end_could_not_clear_is_said(tmp_path: Path) -> None:
    with (
        running_mosquitto(tmp_path) as broker,
        soaking(tmp_path, scenario(broker.port, 40, SECONDS), "--workers", "1") as soak,
    ):
        soak.wait_for("1 s of")
        broker.stop()
        for number in (signal.SIGTERM, signal.SIGTERM):
            soak.process.send_signal(number)
            soak.wait_for("interrupted")
        assert soak.wait(40) == -signal.SIGTERM, soak.said
    assert "the broker may retain energy/mock/" in soak.said
    assert "soak-roof-000001/status" in soak.said
    assert "and 36 more: docs/how-to/soak.md" in soak.said


def runs(pid: int) -> bool:
    """Whether a process is there, and no corpse."""
    status = said_of(pid, "stat")
    return bool(status) and status.rsplit(")", 1)[1].split()[0] != "Z"


def test_what_says_no_more_soon_flows_no_more() -> None:
    flow = Flow(10.0, (0.0, 0.0))
    assert flow.update(11.0, 300.0, 200.0) == (300.0, 200.0)
    assert flow.update(11.0, 300.0, 200.0) == (300.0, 200.0)  # looked a little too early
    for _ in range(3):
        flow.update(11.0, 300.0, 200.0)
    assert flow.update(11.0, 300.0, 200.0) == (0.0, 0.0)
    assert flow.update(16.0, 400.0, 250.0) == (20.0, 10.0)


def test_what_has_said_its_last_word_flows_no_more_while_last_messages_are_waited_for() -> None:
    flow = Flow(10.0, (0.0, 0.0))
    assert flow.update(11.0, 360.0, 360.0, done=True) == (360.0, 360.0)
    assert flow.update(11.0, 360.0, 360.0, done=True) == (0.0, 0.0)


def test_a_run_does_not_wait_forever_for_a_connection_that_the_broker_refuses(
    tmp_path: Path,
) -> None:
    users = [f"soak-roof-00000{n},{USERNAME},{'wrong' if n == 3 else PASSWORD}" for n in (1, 2, 3)]
    (tmp_path / "users.csv").write_text("\n".join(["device_id,username,password", *users]))
    with running_mosquitto(tmp_path) as broker:
        text = scenario(
            broker.port,
            3,
            2,
            punctual=True,
            fleet="connections = 'per-device'",
            broker="credentials_file = 'users.csv'",
        ).replace("drain = 20", "drain = 1")
        with soaking(tmp_path, text) as soak:
            assert soak.wait() == INVALID, soak.said
    assert "worker 0: begins without 1 of 3 connections: the broker refused" in soak.said
    assert 0 < soak.totals["received"] <= 4


def test_a_full_disk_does_not_take_the_verdict_along(tmp_path: Path) -> None:
    with (
        running_mosquitto(tmp_path) as broker,
        soaking(tmp_path, scenario(broker.port, 5, 8)) as soak,
    ):
        wait_until(lambda: bool(soak.runs), 30, "the run's folder")
        (folder,) = soak.runs
        (folder / "report.html").symlink_to("/dev/full")
        assert soak.wait() == BAD_INPUT, soak.said
    *_, verdict = soak.said.partition("PASSED\n")
    *figures, last = verdict.splitlines()
    assert "  kept   loss: 0 %, at most 0 %" in figures
    assert last == f"report/{folder.name}/report.html: the disk is full; make room"


def test_a_folder_that_can_not_be_made_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "report").touch()
    with soaking(tmp_path, scenario(1)) as soak:
        assert soak.wait() == BAD_INPUT, soak.said
    assert soak.said == "report: it exists already; delete it or choose another name\n"


@pytest.mark.trio
async def test_a_log_that_can_not_be_written_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "receiver.log").mkdir()
    async with trio.open_nursery() as nursery:
        with pytest.raises(SoakError, match=r"receiver\.log: Is a directory"):
            await Child.start(nursery, RECEIVER, tmp_path / "receiver.log")
