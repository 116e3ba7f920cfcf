"""The broker of a run: one of our own, one that speaks less than is wanted, and none."""

import json
import os
import socket
import subprocess
import sys
import threading
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from iotmock.model.families import built_in
from iotmock.mqtt import V5, ConnectOptions
from iotmock.soak.broker.probe import OF_SCENARIO, find_protocol
from iotmock.soak.broker.ready import ready
from iotmock.soak.run.error import SoakError
from iotmock.soak.scenario.reading.file import to_scenario
from tests.mosquitto import PASSWORD, USERNAME, program, running_mosquitto
from tests.patience import within
from tests.soak.scenarios import scenario, soaking

PASSED, BAD_INPUT = 0, 2
FALLS_BACK = (
    "the broker speaks MQTT 3.1.1 only: so do devices and receiver, with stamps in the JSON"
)


@contextmanager
def running_amqtt() -> Iterator[int]:
    """Run a broker that speaks only 3.1.1 and says nothing to 5; yield its port."""
    command = [sys.executable, "-m", "iotmock.mqtt.embedded.broker"]
    wanted = {"host": "127.0.0.1", "port": 0, "username": USERNAME, "password": PASSWORD}
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(json.dumps(wanted).encode() + b"\n")
        process.stdin.flush()
        yield json.loads(process.stdout.readline())["port"]


@contextmanager
def listener_that_says(text: bytes) -> Iterator[int]:
    """Accept a connection at a port, and answer it so."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        answering = threading.Thread(target=lambda: listener.accept()[0].sendall(text), daemon=True)
        answering.start()
        yield listener.getsockname()[1]


@contextmanager
def silent_listener() -> Iterator[int]:
    """Accept connections at a port, and say nothing."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


def test_a_broker_that_speaks_3_1_1_only_is_fallen_back_to_which_is_said(tmp_path: Path) -> None:
    with running_amqtt() as port, soaking(tmp_path, scenario(port, 20, 2)) as soak:
        assert soak.wait() == PASSED, soak.said
    assert FALLS_BACK in soak.said
    assert FALLS_BACK in soak.result["events"][0]["text"]
    run = soak.result["scenario"]
    assert (run["broker"]["protocol"], run["verify"]["stamp"]) == ("3.1.1", "json")
    soak.check_sent(40)


def test_without_a_broker_a_run_brings_its_own_and_says_what_that_is_worth(tmp_path: Path) -> None:
    with soaking(tmp_path, brokerless(), PATH="/nowhere") as soak:
        assert soak.wait() == PASSED, soak.said
    assert "one of its own, the embedded broker on this machine" in soak.said
    assert "measures little" in soak.said
    assert soak.result["scenario"]["broker"]["password"] == "(hidden)"
    soak.check_sent(40)


def brokerless() -> str:
    return f"[fleet]{scenario(1, 20, 2).partition('[fleet]')[2]}"


@pytest.mark.trio
async def test_with_a_mosquitto_on_the_path_its_own_is_that(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PATH", str(Path(program("mosquitto")).parent), prepend=os.pathsep)
    some = to_scenario(tomllib.loads(brokerless()), built_in(), "brokerless")
    with within(30):
        async with ready(some) as prepared:
            (note,) = prepared.notes
            broker = prepared.scenario.broker
            options = ConnectOptions("looks", broker.username, broker.password)
            spoken = await find_protocol(broker.host, broker.port, options, OF_SCENARIO)
    assert "one of its own, mosquitto on this machine" in note
    assert (spoken, broker.protocol, prepared.scenario.verify) == (V5, "5", some.verify)


def test_a_cluster_can_not_have_a_broker_of_this_machine(tmp_path: Path) -> None:
    with soaking(tmp_path, brokerless(), "--ray", "auto") as soak:
        assert soak.wait() == BAD_INPUT
    assert "--ray needs a [broker]" in soak.said


async def refused(port: int, password: str = PASSWORD, timeout: float = 10.0) -> str:
    options = ConnectOptions("probe", USERNAME, password, connect_timeout=timeout)
    with within(40), pytest.raises(SoakError) as caught:
        await find_protocol("127.0.0.1", port, options, OF_SCENARIO)
    return str(caught.value)


@pytest.mark.trio
async def test_a_refused_login_a_wrong_port_and_a_silent_port_are_three_sentences(
    tmp_path: Path,
) -> None:
    with running_mosquitto(tmp_path) as broker:
        login = await refused(broker.port, "wrong")
        at = f"127.0.0.1:{broker.port}"
        assert login.startswith(f"the login is refused at {at}: the broker refused user 'iot_user'")
        assert login.endswith("; set username and password_env of [broker]")
    assert await refused(broker.port) == (
        f"nothing answers at {at}: Connection refused; start the broker, or set host and port of "
        "[broker]"
    )
    with silent_listener() as port:
        silent = await refused(port, timeout=0.4)
    assert silent == (
        f"127.0.0.1:{port} does not answer, though something listens there: it is no MQTT broker, "
        "or wants TLS; set host and port of [broker]"
    )


@pytest.mark.trio
@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (
            b"HTTP/1.1 400 Bad Request\r\n" + 5 * b"Server: something\r\n" + b"\r\n",
            'HTTP: set transport = "websocket", or use its MQTT port',
        ),
        (b"\x15\x03\x01\x00\x02\x02\x0a", "TLS: set tls = true"),
    ],
)
async def test_another_protocol_is_said_in_the_words_of_a_scenario(
    answer: bytes, says: str
) -> None:
    with listener_that_says(answer) as port:
        assert await refused(port) == f"127.0.0.1:{port} answered no MQTT but {says}"
