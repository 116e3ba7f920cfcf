"""A broker of our own: mosquitto where there is one, else the embedded one."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from iotmock.mqtt import V5, V311, BadCredentials, Client, ConnectOptions
from iotmock.own_broker import broker as room
from iotmock.own_broker.broker import OwnBroker, OwnBrokerError, is_free, own_broker
from tests.mosquitto import program
from tests.patience import within
from tests.service.process import wait_until

USER = "somebody"


def with_mosquitto(monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("PATH", str(Path(program("mosquitto")).parent), prepend=os.pathsep)
    return "mosquitto"


def without(monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("PATH", "/nowhere")
    return "the embedded broker"


def options(broker: OwnBroker, password: str) -> ConnectOptions:
    protocols = (V5,) if broker.protocol == "5" else (V311,)
    return ConnectOptions("tests", USER, password, protocols=protocols)


@pytest.mark.trio
@pytest.mark.parametrize("find", [with_mosquitto, without])
async def test_it_lets_one_user_in_and_is_gone_afterwards(
    monkeypatch: pytest.MonkeyPatch, find: Callable[[pytest.MonkeyPatch], str]
) -> None:
    name = find(monkeypatch)
    with within(30):
        async with own_broker(USER, "right") as broker:
            assert broker.name == name
            async with Client(broker.host, broker.port, options(broker, "right")):
                pass
            with pytest.raises(BadCredentials):
                async with Client(broker.host, broker.port, options(broker, "wrong")):
                    pass
        assert is_free(broker.port)


@pytest.mark.trio
@pytest.mark.parametrize("find", [with_mosquitto, without])
async def test_a_port_that_somebody_took_in_the_meantime_is_no_matter(
    monkeypatch: pytest.MonkeyPatch, find: Callable[[pytest.MonkeyPatch], str]
) -> None:
    find(monkeypatch)
    with socket.socket() as holder, within(30):
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        port = holder.getsockname()[1]
        monkeypatch.setattr(room, "is_free", lambda _: True)  # it was free when it was looked at
        async with own_broker(USER, "right", port) as broker:
            assert broker.port != port
            async with Client(broker.host, broker.port, options(broker, "right")):
                pass


@pytest.mark.trio
async def test_a_mosquitto_that_does_not_start_is_said(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    fake = tmp_path / "mosquitto"
    fake.write_text("#!/bin/sh\necho 'Error: no such thing.'\nexit 3\n")
    fake.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    with within(30), pytest.raises(OwnBrokerError, match="does not start: Error: no such thing"):
        async with own_broker(USER, "right"):
            pass


KEEPS = """
import trio
from iotmock.own_broker.broker import own_broker
async def main():
    async with own_broker("u", "p") as broker:
        print(broker.port, flush=True)
        await trio.sleep_forever()
trio.run(main)
"""


def test_it_does_not_outlive_a_parent_that_is_killed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with_mosquitto(monkeypatch)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "TMPDIR": str(tmp_path)}
    command = [sys.executable, "-c", KEEPS]
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment) as parent:
        assert parent.stdout is not None
        port = int(parent.stdout.readline())
        assert not is_free(port)
        parent.send_signal(signal.SIGKILL)
    wait_until(lambda: is_free(port), 10, "the broker is gone")
