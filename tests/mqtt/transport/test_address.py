"""All addresses of a name are tried, by client and line alike."""

import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import pytest
import trio
from attrs import evolve

from iotmock.mqtt import ConnectFailed, ConnectOptions
from iotmock.mqtt.transport.address import Target, look_up, place_of
from iotmock.mqtt.transport.connect import connect
from tests.mosquitto import PASSWORD, USERNAME, free_port, running_mosquitto
from tests.mqtt.transport.ways import PATIENCE_S, Way, both_ways
from tests.patience import within

pytestmark = pytest.mark.trio
OPTIONS = ConnectOptions("a", USERNAME, PASSWORD)


class Names(trio.abc.HostnameResolver):
    """Knows one name, and its addresses in this order."""

    def __init__(self, *addresses: str) -> None:
        self.addresses = addresses

    async def getaddrinfo(self, host: Any, port: Any, *more: Any, **options: Any) -> Any:
        return [
            found
            for address in self.addresses
            for found in socket.getaddrinfo(address, port, type=socket.SOCK_STREAM)
        ]

    async def getnameinfo(self, *_: Any) -> Any:
        raise NotImplementedError


@contextmanager
def name_of(*addresses: str) -> Iterator[str]:
    trio.socket.set_custom_hostname_resolver(Names(*addresses))
    yield "broker.example"


@asynccontextmanager
async def deaf_listener(host: str, port: int) -> AsyncIterator[None]:
    """An address that answers nothing: its queue of connections is full."""
    with socket.create_server((host, port), backlog=0) as listener:
        waiting = []
        for _ in range(3):
            one = socket.socket()
            one.setblocking(False)
            one.connect_ex(listener.getsockname())
            waiting.append(one)
        await trio.testing.wait_all_tasks_blocked()
        yield
        for one in waiting:
            one.close()


@both_ways
@pytest.mark.parametrize("dead", ["127.0.0.9", "::1", "192.0.2.1"])
async def test_an_address_that_refuses_is_followed_by_the_next(
    way: Way, dead: str, tmp_path: Path
) -> None:
    with running_mosquitto(tmp_path) as broker, name_of(dead, "127.0.0.1") as name:
        assert await way(name, broker.port, OPTIONS, b"hi") == b"hi"


@both_ways
async def test_an_address_that_does_not_answer_is_not_waited_for(way: Way, tmp_path: Path) -> None:
    with running_mosquitto(tmp_path) as broker, name_of("127.0.0.9", "127.0.0.1") as name:
        async with deaf_listener("127.0.0.9", broker.port):
            patient = evolve(OPTIONS, connect_timeout=600.0)  # the way has less
            assert await way(name, broker.port, patient, b"hi") == b"hi"


@both_ways
async def test_what_each_address_said_is_in_the_line(way: Way) -> None:
    port = free_port()
    sentence = f"nothing answers at broker.example:{port}: Connection refused"
    with name_of("127.0.0.9", "::1") as name, pytest.raises(ConnectFailed, match=sentence):
        await way(name, port, OPTIONS, b"")


@both_ways
async def test_a_broker_at_an_ipv6_address(way: Way, tmp_path: Path) -> None:
    with running_mosquitto(tmp_path, host="::1") as broker:
        assert await way("::1", broker.port, OPTIONS, b"hi") == b"hi"
    with pytest.raises(ConnectFailed, match=rf"at \[::1\]:{broker.port}: "):
        await way("::1", broker.port, OPTIONS, b"")


async def test_families_take_turns_and_the_one_that_answered_comes_first() -> None:
    with name_of("127.0.0.1", "127.0.0.2", "::1") as name:
        address = await look_up(name, 1883)
    assert [str(target) for target in address.targets] == ["127.0.0.1", "::1", "127.0.0.2"]
    better = address.preferring(address.targets[2])
    assert [str(target) for target in better.targets] == ["127.0.0.2", "127.0.0.1", "::1"]
    assert better.preferring(better.targets[0]) is better


async def test_the_socket_that_comes_too_late_is_closed() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        with name_of("127.0.0.1", "127.0.0.1") as name, within(PATIENCE_S):
            connected, target = await connect(await look_up(name, port))
    with connected:
        assert target == Target(socket.AF_INET, ("127.0.0.1", port))


async def test_a_source_address_of_the_other_family_is_no_source_for_an_address() -> None:
    with name_of("::1", "127.0.0.1") as name, socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        connected, target = await connect(await look_up(name, port, "127.0.0.5"))
    with connected:
        assert str(target) == "127.0.0.1"
        assert connected.getsockname()[0] == "127.0.0.5"


async def test_a_name_that_nobody_knows_is_said() -> None:
    with pytest.raises(ConnectFailed, match=r"no-such\.invalid can not be looked up"):
        await look_up("no-such.invalid", 1883)


async def test_a_place_is_what_a_url_has() -> None:
    assert place_of("::1", 1883) == "[::1]:1883"
    assert place_of("broker", 1883) == "broker:1883"
