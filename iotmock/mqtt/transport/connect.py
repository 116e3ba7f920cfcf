"""A connected socket to whichever address of a broker answers first (RFC 8305)."""

import errno
import os
import socket
from collections.abc import Callable

import anyio
from anyio.abc import TaskGroup
from attrs import define, field

from iotmock.mqtt.errors import ConnectFailed
from iotmock.mqtt.transport.address import Address, Target

_HEAD_START_S = 0.25
"""How long an address may take before the next one is tried too (RFC 8305, 8)."""
_BIND_ADDRESS_NO_PORT = 24
"""IP_BIND_ADDRESS_NO_PORT (linux/in.h), which Python has no name for: the port is chosen at
connect, by the whole of both addresses, and not for the source address alone."""


async def connect(address: Address) -> tuple[socket.socket, Target]:
    """Return a socket without blocking, and which address it is connected to.

    Raises:
        ConnectFailed: no address answers, and what each said.
    """
    if len(address.targets) > 1:
        return await _Race(address).run()
    [target] = address.targets
    try:
        return await _connect(target, address.source), target
    except OSError as error:
        raise ConnectFailed(_why(address, {target: error})) from error


@define(eq=False)
class _Race:
    """Gives each address a head start over the next, and ends with the first that answers."""

    address: Address
    _errors: dict[Target, OSError] = field(factory=dict)
    _won: tuple[socket.socket, Target] | None = None

    async def run(self) -> tuple[socket.socket, Target]:
        try:
            async with anyio.create_task_group() as tasks:
                await self._start_all(tasks)
        except BaseException:
            if self._won is not None:
                self._won[0].close()
            raise
        if self._won is None:
            raise ConnectFailed(_why(self.address, self._errors))
        return self._won

    async def _start_all(self, tasks: TaskGroup) -> None:
        for target in self.address.targets:
            failed = anyio.Event()
            tasks.start_soon(self._attempt, target, failed, tasks)
            with anyio.move_on_after(_HEAD_START_S):
                await failed.wait()

    async def _attempt(self, target: Target, failed: anyio.Event, tasks: TaskGroup) -> None:
        try:
            made = await _connect(target, self.address.source)
        except OSError as error:
            self._errors[target] = error
            failed.set()
            return
        if self._won is None:
            self._won = made, target
            tasks.cancel_scope.cancel()
        else:
            made.close()


async def _connect(target: Target, source: str | None) -> socket.socket:
    made = socket.socket(target.family, socket.SOCK_STREAM)
    try:
        _set_up(made, source)
        code = made.connect_ex(target.address)
        if code == errno.EINPROGRESS:
            await anyio.wait_writable(made)
            code = made.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        if code:
            raise OSError(code, os.strerror(code))
    except BaseException:
        made.close()
        raise
    return made


def _set_up(made: socket.socket, source: str | None) -> None:
    made.setblocking(False)
    _quietly(made.setsockopt, socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    if source is not None:
        _quietly(made.setsockopt, socket.IPPROTO_IP, _BIND_ADDRESS_NO_PORT, 1)
        try:
            made.bind((source, 0))
        except socket.gaierror:  # of the other family
            raise OSError(errno.EADDRNOTAVAIL, os.strerror(errno.EADDRNOTAVAIL)) from None


def _quietly(set_option: Callable[..., None], *option: int) -> None:
    try:
        set_option(*option)
    except OSError:
        return  # not of this system; nothing depends on it but speed


def _why(address: Address, errors: dict[Target, OSError]) -> str:
    codes = {error.errno for error in errors.values()}
    if codes & {errno.EMFILE, errno.ENFILE}:
        return "no more connections may be opened here: Too many open files (see ulimit -n)"
    if codes == {errno.EADDRNOTAVAIL}:
        source = address.source or "this machine"
        return (
            f"{source} has no free port for {address.place}, or is not an address of this "
            "machine; about 28,000 connections fit one source address"
        )
    return f"nothing answers at {address.place}: {_reasons(errors)}"


def _reasons(errors: dict[Target, OSError]) -> str:
    reasons = {
        target: error.strerror or errno.errorcode.get(error.errno or 0, "")
        for target, error in errors.items()
    }
    if len(set(reasons.values())) == 1:
        return next(iter(reasons.values()))
    return ", ".join(f"{reason} ({target})" for target, reason in reasons.items())
