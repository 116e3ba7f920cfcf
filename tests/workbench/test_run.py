"""A service for as long as a block lasts, in the process of a test."""

import asyncio
import gc
import os
import signal
import socket
import subprocess
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

import pytest
import trio

import iotmock
from iotmock.client import Client, UnreachableError
from iotmock.workbench import process
from iotmock.workbench.process import StartError
from tests.mosquitto import running_mosquitto
from tests.service.process import wait_until

pytestmark = pytest.mark.long(15)
ORPHAN = """
import iotmock, time
with iotmock.run() as service:
    print(service.process.pid, service.broker.port, flush=True)
    time.sleep(600)
"""


def is_alive(pid: int) -> bool:
    return Path(f"/proc/{pid}").exists()


def test_it_is_ready_when_the_block_begins_and_gone_when_it_ends() -> None:
    with iotmock.run(simulation_interval=0.5) as service:
        pid, folder = service.process.pid, Path(f"/proc/{service.process.pid}/cwd").resolve()
        assert service.client.get_health().status == "healthy"
        assert service.client.device("mock-hvac-001").next_reading().status == "online"
        assert service.broker.password not in (None, "iot123")
        assert str(service.broker.password) not in repr(service)
    assert not is_alive(pid)
    assert not folder.exists()


def test_the_same_without_waiting_for_a_thread() -> None:
    async def main() -> int:
        async with iotmock.run(default_devices=False) as service:
            made = await service.client.create_device("server", "of a program")
            assert (await service.client.device(made.device_id).reading()).enabled
            return service.process.pid

    assert not is_alive(trio.run(main))


def test_who_is_cancelled_leaves_nothing_behind() -> None:
    pids = []

    async def main() -> None:
        with trio.CancelScope() as scope:
            async with iotmock.run(default_devices=False) as service:
                pids.append(service.process.pid)
                scope.cancel()
                await trio.sleep_forever()

    trio.run(main)
    assert [pid for pid in pids if is_alive(pid)] == []


def test_a_client_that_does_not_close_keeps_no_service(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_: Client) -> None:
        raise RuntimeError("it does not close")

    monkeypatch.setattr(Client, "close", broken)
    with (
        pytest.raises(RuntimeError, match="does not close"),
        iotmock.run(default_devices=False) as service,
    ):
        pid = service.process.pid
    assert not is_alive(pid)


def test_a_process_that_ends_at_once_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "_HOST", "iotmock.no_such_thing")
    with pytest.raises(StartError, match="No module named"), iotmock.run():
        pass


def test_a_block_within_its_own_block_is_refused() -> None:
    service = iotmock.run(default_devices=False)
    with service as running:
        with pytest.raises(RuntimeError, match="runs already"), service:
            pass
        assert running.client.get_health().status == "healthy"
    assert not is_alive(running.process.pid)


def test_a_task_of_asyncio_that_is_cancelled_while_it_starts_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))

    def is_begun() -> bool:
        return any(tmp_path.iterdir())

    async def main() -> None:
        task = asyncio.create_task(start())
        await asyncio.to_thread(wait_until, is_begun, 20, "it starts")
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task

    async def start() -> None:
        async with iotmock.run(default_devices=False):
            pass

    asyncio.run(main())
    gc.collect()
    wait_until(lambda: not any(tmp_path.iterdir()), 20, "the service and its folder are gone")


def test_a_broker_of_yours_is_used(tmp_path: Path) -> None:
    with running_mosquitto(tmp_path) as broker:
        url = f"mqtt://iot_user:iot123@localhost:{broker.port}"
        with iotmock.run(broker=url) as service:
            status = service.client.get_simulation_status()
            assert status.mqtt.broker == f"localhost:{broker.port}"
            assert service.broker.url == url


@pytest.mark.parametrize(
    ("settings", "error", "said"),
    [
        ({"simulation_intervall": 1}, TypeError, "no setting simulation_intervall"),
        ({"simulation_interval": -1}, StartError, "SIMULATION_INTERVAL=-1 is not allowed"),
        ({"broker": "localhost"}, StartError, "MQTT_BROKER_URL"),
    ],
)
def test_what_can_not_be_is_said_in_a_line(
    settings: dict[str, object], error: type[Exception], said: str
) -> None:
    with pytest.raises(error, match=said), iotmock.run(**settings):  # type: ignore[arg-type]
        pass


def test_a_port_that_somebody_has_is_said() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(StartError, match=f"PORT={port}"), iotmock.run(port=port):
            pass


def test_a_program_that_is_killed_takes_its_service_and_its_broker_along(tmp_path: Path) -> None:
    variables = {**os.environ, "TMPDIR": str(tmp_path)}
    command = [sys.executable, "-c", ORPHAN]
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=variables) as program:
        assert program.stdout is not None
        pid, port = map(int, program.stdout.readline().split())
        program.send_signal(signal.SIGKILL)
    wait_until(lambda: not is_alive(pid), 10, "the service has ended")
    wait_until(lambda: free_again(port), 10, "the broker has ended")
    assert list(tmp_path.iterdir()) == []


def test_who_is_killed_while_it_starts_leaves_nothing_behind(tmp_path: Path) -> None:
    variables = {**os.environ, "TMPDIR": str(tmp_path)}
    with subprocess.Popen([sys.executable, "-c", ORPHAN], env=variables) as program:
        # Not earlier: a folder that has just been made has nobody yet who could remove it.
        wait_until(lambda: bool(processes_in(tmp_path)), 20, "it starts")
        program.send_signal(signal.SIGKILL)
    wait_until(lambda: not processes_in(tmp_path), 20, "all that was started has ended")
    assert list(tmp_path.iterdir()) == []


def processes_in(folder: Path) -> list[str]:
    """Return the processes that have a folder below this one as theirs."""
    found = []
    for link in Path("/proc").glob("[0-9]*/cwd"):
        with suppress(OSError):
            found += [link.parent.name] if Path(os.readlink(link)).is_relative_to(folder) else []
    return found


def test_a_service_that_is_killed_takes_its_broker_along_and_all_that_it_wrote(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with iotmock.run(default_devices=False) as service:
        os.kill(service.process.pid, signal.SIGKILL)
        wait_until(lambda: service.process.end_reason is not None, 10, "the service has ended")
        wait_until(lambda: free_again(service.broker.port), 10, "the broker has ended")
        with pytest.raises(UnreachableError, match="no service"):
            service.client.get_health()
    assert list(tmp_path.iterdir()) == []


def free_again(port: int) -> bool:
    connections = Path("/proc/net/tcp").read_text().splitlines()[1:]
    listening = {int(line.split()[1].split(":")[1], 16) for line in connections if " 0A " in line}
    return port not in listening
