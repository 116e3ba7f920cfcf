"""A mosquitto of our own: its files, its start, its end."""

import os
import signal
import socket
import subprocess
import sys
from base64 import b64encode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from hashlib import pbkdf2_hmac
from pathlib import Path
from tempfile import TemporaryDirectory

import trio

_KEEPER = "iotmock.own_broker.keeper"
_START_S = 10.0
_SILENT_S = 1.0
"""After so long what answers at the port is ours, though the log of that version does not say."""
_END_S = 3.0
_POLL_S = 0.01
_ROUNDS = 101
_CONFIGURATION = """\
listener {port} {host}
allow_anonymous false
password_file {passwords}
max_queued_messages 1000000
max_inflight_messages 1000
set_tcp_nodelay true
"""
# As root it would give up its rights and then could not read its own files.
_OF_ROOT = "user root\n"


class MosquittoError(Exception):
    """It does not start, and what it says."""


@asynccontextmanager
async def mosquitto(
    program: str, host: str, port: int, username: str, password: str
) -> AsyncIterator[None]:
    """Run it during the block, for this user only.

    Raises:
        MosquittoError: it does not start.
    """
    with TemporaryDirectory(prefix="iotmock-mosquitto-") as name:
        folder = Path(name)
        file = _configure(folder, host, port, username, password)
        log = folder / "mosquitto.log"
        process = await _start([program, "-c", str(file)], log)
        try:
            await _wait_up(process, log, host, port)
            yield
        finally:
            await _end(process)


def _configure(folder: Path, host: str, port: int, username: str, password: str) -> Path:
    passwords, file = folder / "passwords", folder / "mosquitto.conf"
    passwords.touch(mode=0o600)
    passwords.write_text(f"{username}:{_hashed(password)}\n", encoding="utf-8")
    text = _CONFIGURATION.format(host=host, port=port, passwords=passwords)
    file.write_text(text + (_OF_ROOT if os.getuid() == 0 else ""), encoding="utf-8")
    return file


def _hashed(password: str) -> str:
    """Return a password as mosquitto's password files have it since 2.0: PBKDF2, SHA-512."""
    salt = os.urandom(12)
    digest = pbkdf2_hmac("sha512", password.encode(), salt, _ROUNDS)
    return f"$7${_ROUNDS}${b64encode(salt).decode()}${b64encode(digest).decode()}"


async def _start(command: list[str], log: Path) -> trio.Process:
    with log.open("wb") as output:
        return await trio.lowlevel.open_process(
            [sys.executable, "-m", _KEEPER, *command],
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=output,
            process_group=0,  # Ctrl-C is for us
        )


async def _wait_up(process: trio.Process, log: Path, host: str, port: int) -> None:
    # Whatever answers at the port may be somebody else's, who took it just before.
    began = trio.current_time()
    while "running" not in (said := _said(log)):
        waited = trio.current_time() - began
        if process.poll() is not None or waited > _START_S:
            last = said.strip().splitlines()[-1:] or ["it says nothing"]
            raise MosquittoError(f"mosquitto does not start: {last[0]}")
        if waited > _SILENT_S and _answers(host, port):
            return
        await trio.sleep(_POLL_S)


def _said(log: Path) -> str:
    return log.read_text(errors="replace")


def _answers(host: str, port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex((host, port)) == 0


async def _end(process: trio.Process) -> None:
    assert process.stdin is not None, "started with a pipe"  # noqa: S101
    with trio.move_on_after(_END_S, shield=True):
        await process.stdin.aclose()
        await process.wait()
    if process.returncode is None:
        os.killpg(process.pid, signal.SIGKILL)  # its keeper alone would leave it behind
