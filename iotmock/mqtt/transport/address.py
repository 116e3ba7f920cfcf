"""Where a broker is: its name, its port, and all addresses that the name has."""

import socket
from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import Any

import anyio
from attrs import evolve, frozen

from iotmock.mqtt.errors import ConnectFailed


def place_of(host: str, port: int) -> str:
    """Return host and port as a URL has them (RFC 3986, 3.2.2)."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


@frozen
class Target:
    """One address to connect to."""

    family: int
    address: Any

    def __str__(self) -> str:
        return str(self.address[0])


@frozen
class Address:
    """A broker that was looked up: where to connect to, and from which source address."""

    host: str
    port: int
    targets: tuple[Target, ...]
    source: str | None = None

    @property
    def place(self) -> str:
        """For messages."""
        return place_of(self.host, self.port)

    def preferring(self, target: Target) -> "Address":
        """Return it with a target first that has answered."""
        if self.targets[0] == target:
            return self
        others = tuple(other for other in self.targets if other != target)
        return evolve(self, targets=(target, *others))


async def look_up(host: str, port: int, source: str | None = None) -> Address:
    """Return all addresses of a host, IPv6 and IPv4 in turn (RFC 8305, 4).

    Raises:
        ConnectFailed: there is none.
    """
    try:
        found = await anyio.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        reason = getattr(error, "strerror", None) or error
        raise ConnectFailed(f"{host} can not be looked up: {reason}") from error
    targets = [Target(family, address) for family, _, _, _, address in found]
    return Address(host, port, tuple(_in_turn(targets)), source)


def _in_turn(targets: Sequence[Target]) -> Iterator[Target]:
    # The system's order (RFC 6724) says which family is first.
    first = [one for one in targets if one.family == targets[0].family]
    second = [one for one in targets if one.family != targets[0].family]
    for pair in zip_longest(first, second):
        yield from (one for one in pair if one is not None)
