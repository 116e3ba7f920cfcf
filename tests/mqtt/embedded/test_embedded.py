"""The embedded broker as a process: it starts, refuses, and never outlives its parent."""

import os
import signal
import subprocess
import sys

import pytest
import trio

from iotmock.mqtt.embedded.embedded import EmbeddedBrokerError, embedded_broker
from tests.mosquitto import free_port, wait_listening
from tests.patience import SLACK, within
from tests.service.process import wait_until

PARENT = """
import trio
from iotmock.mqtt.embedded.embedded import embedded_broker

async def main():
    async with embedded_broker("127.0.0.1", 0, "u", "p") as broker:
        print(broker.process.pid, broker.port, flush=True)
        await trio.sleep_forever()

trio.run(main)
"""


def is_alive(pid: int) -> bool:
    try:
        with open(f"/proc/{pid}/stat", encoding="ascii") as stat:
            return stat.read().split()[2] != "Z"
    except FileNotFoundError:
        return False


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_it_dies_with_its_parent(how: signal.Signals) -> None:
    parent = subprocess.Popen([sys.executable, "-c", PARENT], stdout=subprocess.PIPE)
    assert parent.stdout is not None
    pid, port = map(int, parent.stdout.readline().split())
    wait_listening(port)
    parent.send_signal(how)
    parent.wait(10 * SLACK)
    parent.stdout.close()
    wait_until(lambda: not is_alive(pid), 10, "the broker ends with its parent")


@pytest.mark.trio
async def test_it_does_not_heed_ctrl_c() -> None:
    async with embedded_broker("127.0.0.1", 0, "u", "p") as broker:
        os.kill(broker.process.pid, signal.SIGINT)
        with trio.move_on_after(0.3) as scope:
            await broker.wait_died()
        assert scope.cancelled_caught


@pytest.mark.trio
async def test_its_death_is_noticed() -> None:
    async with embedded_broker("127.0.0.1", 0, "u", "p") as broker:
        broker.process.kill()
        with within(10):
            assert await broker.wait_died() == -signal.SIGKILL


@pytest.mark.trio
async def test_a_taken_port_is_an_error_in_plain_words() -> None:
    port = free_port()
    async with embedded_broker("127.0.0.1", port, "u", "p"):
        with pytest.raises(EmbeddedBrokerError, match=rf"127.0.0.1:{port}.*MQTT_BROKER_PORT"):
            async with embedded_broker("127.0.0.1", port, "u", "p"):
                pass


@pytest.mark.trio
async def test_its_secrets_are_not_in_its_command_line() -> None:
    async with embedded_broker("127.0.0.1", 0, "u", "hunter2") as broker:
        pid = broker.process.pid
        for name in ("cmdline", "environ"):
            with open(f"/proc/{pid}/{name}", "rb") as file:  # noqa: ASYNC230 - not a real file
                assert b"hunter2" not in file.read()
