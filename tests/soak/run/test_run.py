"""`iotmock soak` against a real mosquitto: what it finds, and what it says of itself."""

import os
import signal
from pathlib import Path
from typing import Any

import pytest

from tests.mosquitto import USERNAME, free_port, running_mosquitto
from tests.service.connections.test_transports import certificates
from tests.service.process import subscribed, wait_until
from tests.soak.scenarios import Soak, scenario, soaking

pytestmark = pytest.mark.long(45)
DEVICES = 200
SECONDS = 6
PASSED, FAILED, BAD_INPUT, INVALID, INTERRUPTED = 0, 1, 2, 3, 130
WORKER = "iotmock.soak.shard.worker"
RECEIVER = "iotmock.soak.receiver.process"


def check_whole(soak: Soak, messages: int) -> None:
    """Everything was offered, and came once."""
    soak.check_sent(messages)
    totals = soak.totals
    assert totals["lost"] == totals["duplicated"] == totals["corrupted"] == 0
    assert totals["acknowledged"] in {0, totals["sent"]}  # at QoS 0 there is no PUBACK


@pytest.mark.parametrize("workers", [1, 2, 3])
def test_a_healthy_run_passes_with_the_same_totals_in_any_number_of_processes(
    tmp_path: Path, workers: int
) -> None:
    campaign = (
        "[[campaign]]\nat = 1\ncommand = 'set_power'\nparameters = { power = 12.0 }\n"
        "commands = 40\ndevices = 20\nrate = 40\n"
    )
    with running_mosquitto(tmp_path) as broker:
        text = scenario(broker.port, DEVICES, SECONDS, more=campaign)
        with soaking(tmp_path, text, "--workers", f"{workers}") as soak:
            assert soak.wait() == PASSED, soak.said
    check_whole(soak, DEVICES * SECONDS)
    assert soak.totals["commands_applied"] == 40
    devices = [worker["devices"] for worker in soak.result["workers"]]
    assert sum(devices) == DEVICES
    assert max(devices) - min(devices) <= 1
    assert soak.result["latencies"]["received"]["count"] == soak.totals["sent"]
    assert soak.result["latencies"]["acknowledged"]["count"] == soak.totals["sent"]
    assert (soak.latest / "report.html").exists()
    assert "failures" in (soak.latest / "junit.xml").read_text()
    whole = "".join(file.read_text() for file in soak.latest.iterdir())
    assert "iot123" not in whole + soak.said


@pytest.mark.parametrize(
    ("fleet", "load", "verify", "broker"),
    [
        ("connections = 'per-device'\nconnect_rate = 2000", "qos = 0", "", ""),
        ("connections = 'pool:3'", "qos = 2", "", ""),
        (
            "connections = 'per-device'\nconnect_rate = 2000",
            "",
            "stamp = 'json'",
            "protocol = '3.1.1'",
        ),
    ],
)
def test_every_model_qos_and_stamp(
    tmp_path: Path, fleet: str, load: str, verify: str, broker: str
) -> None:
    with running_mosquitto(tmp_path) as mosquitto:
        text = scenario(mosquitto.port, 60, 3, fleet=fleet, load=load, verify=verify, broker=broker)
        with soaking(tmp_path, text) as soak:
            assert soak.wait() == PASSED, soak.said
    check_whole(soak, 60 * 3)


def test_a_broker_behind_a_websocket_with_tls_by_its_url(tmp_path: Path) -> None:
    ca, files = certificates(tmp_path)
    plain, port = free_port(), free_port()
    lines = [
        f"listener {plain} 127.0.0.1",
        f"listener {port}",
        "bind_interface lo",
        "protocol websockets",
        *files,
    ]
    url = f"wss://{USERNAME}@localhost:{port}/mqtt"
    campaign = (
        "[[campaign]]\nat = 1\ncommand = 'set_power'\nparameters = { power = 12.0 }\n"
        "commands = 10\ndevices = 10\nrate = 20\n"
    )
    text = scenario(0, 60, 3, more=campaign)
    given = f'host = "127.0.0.1"\nport = 0\nusername = "{USERNAME}"\n'
    text = text.replace(given, f'url = "{url}"\ntls_ca = "{ca}"\n')
    with running_mosquitto(tmp_path, *lines, port=plain), soaking(tmp_path, text) as soak:
        assert soak.wait() == PASSED, soak.said
    check_whole(soak, 60 * 3)
    assert soak.totals["commands_applied"] == 10


def test_what_was_asked_for_is_no_loss(tmp_path: Path) -> None:
    phases = (
        "[[phase]]\nkind = 'fault'\nat = 1\nduration = 2\nfault = 'dropout'\n"
        "parameters = { probability = 1.0 }\nselect = { share = 0.5 }\n"
        "[[phase]]\nkind = 'blackout'\nat = 3.5\nduration = 1\nrecovery = 1\nlocation = 'north'\n"
        "[[phase]]\nkind = 'connection_storm'\nat = 6\n"
        "[[phase]]\nkind = 'scale'\nat = 7\ngroup = 'roof'\ncount = 50\n"
        "[[phase]]\nkind = 'pause'\nat = 8\nduration = 1\n"
        "[[phase]]\nkind = 'broker_command'\nat = 8\ncommand = 'echo did it > command.txt'\n"
    )
    with running_mosquitto(tmp_path) as broker:
        text = scenario(broker.port, 100, 14, duplicates=0.05, more=phases)
        with soaking(tmp_path, text) as soak:
            assert soak.wait() == PASSED, soak.said
    totals = soak.totals
    soak.check_sent(totals["due"])
    assert totals["withheld"] > 100
    assert totals["reconnects"] >= 1
    assert soak.result["samples"][-1]["devices"] == 50
    kinds = [event["kind"] for event in soak.result["events"]]
    for kind in ("fault", "blackout", "connection_storm", "scale", "pause", "broker_command"):
        assert kind in kinds
    assert (tmp_path / "command.txt").read_text() == "did it\n"


def test_a_broker_with_small_queues_and_a_stalled_subscriber_fails_with_the_right_count(
    tmp_path: Path,
) -> None:
    lines = ("max_queued_messages 50", "max_inflight_messages 20", "sys_interval 1")
    with (
        running_mosquitto(tmp_path, *lines) as broker,
        subscribed(broker.port, topic="$SYS/broker/publish/messages/dropped") as heard,
    ):
        # With MQTT 5 the receiver's receive maximum decides, which is as large as may be.
        old: dict[str, Any] = {"broker": "protocol = '3.1.1'", "verify": "stamp = 'json'"}
        with soaking(tmp_path, scenario(broker.port, 500, 8, **old)) as soak:
            # There is one once the receiver has subscribed; nothing is sent as yet.
            wait_until(lambda: bool(soak.children(WORKER)), 30, "a worker")
            (receiver,) = soak.children(RECEIVER)
            os.kill(receiver, signal.SIGSTOP)
            heard.wait_for(lambda s: s.messages and int(s.messages[-1][1]) > 100)
            os.kill(receiver, signal.SIGCONT)
            assert soak.wait() == FAILED, soak.said
        lost = soak.totals["lost"]
        heard.wait_for(lambda s: int(s.messages[-1][1]) >= lost)
        # Statuses and results are not among what the receiver subscribes to.
        assert int(heard.messages[-1][1]) == lost
    assert lost > 100
    assert soak.totals["received"] == soak.totals["sent"] - lost
    assert f"loss: {100 * lost / soak.totals['sent']:.4g} % ({lost:,})" in soak.said
    worst = soak.result["worst_devices"]
    assert worst[0]["device_id"].startswith("soak-roof-")
    assert worst[0]["numbers"]


def test_a_fleet_that_is_too_large_is_invalid_not_failed(tmp_path: Path) -> None:
    with running_mosquitto(tmp_path) as broker:
        text = scenario(broker.port, 15_000, 3, interval=0.1, punctual=True, load="qos = 0")
        with soaking(tmp_path, text) as soak:
            assert soak.wait() == INVALID, soak.said
    assert soak.said.splitlines()[-3:][0].startswith(("INVALID", "  "))
    assert "INVALID" in soak.said
    assert "load not offered" in soak.said or "generator late" in soak.said


def test_a_worker_that_is_killed_is_said(tmp_path: Path) -> None:
    with running_mosquitto(tmp_path) as broker:
        text = scenario(broker.port, DEVICES, 10)
        with soaking(tmp_path, text, "--workers", "2") as soak:
            soak.wait_for("1 s of")
            os.kill(soak.children(WORKER)[0], signal.SIGKILL)
            assert soak.wait() == INVALID, soak.said
    states = sorted(worker["state"] for worker in soak.result["workers"])
    assert states == ["died", "finished"]
    assert soak.result["samples"][-1]["devices"] == 100  # those of the other
    assert "died with 100 devices: signal 9" in soak.said


def test_a_worker_that_is_killed_has_sent_what_came_and_leaves_nothing_at_the_broker(
    tmp_path: Path,
) -> None:
    with running_mosquitto(tmp_path) as broker:
        text = scenario(broker.port, DEVICES, 10, interval=0.1)
        with soaking(tmp_path, text, "--workers", "2") as soak:
            soak.wait_for("1 s of")
            os.kill(soak.children(WORKER)[0], signal.SIGKILL)
            assert soak.wait() == INVALID, soak.said
        with subscribed(broker.port, topic="#") as left:
            assert not left.messages
    totals, (group,) = soak.totals, soak.result["groups"]
    assert totals["received"] + totals["lost"] <= totals["sent"] <= totals["due"]
    assert group["totals"]["received"] <= group["totals"]["sent"]


def test_no_second_of_a_report_received_more_than_was_sent(tmp_path: Path) -> None:
    with (
        running_mosquitto(tmp_path) as broker,
        soaking(tmp_path, scenario(broker.port, DEVICES, 4), "--workers", "2") as soak,
    ):
        assert soak.wait() == PASSED, soak.said
    sent = received = before = 0.0
    for sample in soak.result["samples"]:
        seconds, before = sample["t"] - before, sample["t"]
        sent, received = sent + seconds * sample["sent"], received + seconds * sample["received"]
        assert received <= sent + 1e-6, soak.result["samples"]
    assert received > 0


def test_a_broker_that_is_stopped_for_a_while_loses_nothing_at_qos_1(tmp_path: Path) -> None:
    lines = ("persistence true", f"persistence_location {tmp_path}/")
    with running_mosquitto(tmp_path, *lines) as broker:
        text = scenario(broker.port, 100, 12, duplicates=1.0, verify="late_after = 30")
        with soaking(tmp_path, text) as soak:
            soak.wait_for("1 s of")
            broker.stop()
            soak.wait_for("lost the broker")
            soak.wait_for("the receiver lost the broker")
            broker.start()
            assert soak.wait() == PASSED, soak.said
    totals = soak.totals
    assert totals["due"] == 1_200
    assert totals["received"] + totals["lost_in_outages"] == totals["sent"]
    texts = [event["text"] for event in soak.result["events"]]
    assert any(text.startswith("worker 0 lost the broker") for text in texts)
    assert "worker 0 is connected again" in texts
    assert any(text.startswith("the receiver lost the broker") for text in texts)


def test_ctrl_c_ends_it_in_order_with_a_report(tmp_path: Path) -> None:
    with running_mosquitto(tmp_path) as broker:
        with soaking(tmp_path, scenario(broker.port, 50, 60), "--workers", "2") as soak:
            soak.wait_for("1 s of")
            soak.interrupt()
            assert soak.wait(30) == INTERRUPTED, soak.said
            assert not soak.children(WORKER)
        assert soak.result["interrupted"]
        assert soak.totals["received"] == soak.totals["sent"] > 0
        with subscribed(broker.port, topic="energy/#") as left:
            assert not left.messages  # no retained status is left behind


@pytest.mark.parametrize(
    ("text", "environment", "says"),
    [
        (scenario(1), {}, "nothing answers at 127.0.0.1:1"),
        (scenario(1), {"SOAK_PASSWORD": ""}, "broker.password_env: the variable SOAK_PASSWORD"),
        ("[load]\n", {}, "is missing"),
    ],
)
def test_a_bad_environment_is_exit_code_2(
    tmp_path: Path, text: str, environment: dict[str, str], says: str
) -> None:
    with soaking(tmp_path, text, **environment) as soak:
        assert soak.wait() == BAD_INPUT
    assert says in soak.said
    assert "Traceback" not in soak.said


def test_a_wrong_password_is_exit_code_2(tmp_path: Path) -> None:
    with (
        running_mosquitto(tmp_path) as broker,
        soaking(tmp_path, scenario(broker.port), SOAK_PASSWORD="wrong") as soak,
    ):
        assert soak.wait() == BAD_INPUT
    assert "the broker refused user 'iot_user'" in soak.said
