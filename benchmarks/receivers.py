"""Subscribers side by side: the receiver with its account, and `mosquitto_sub`, which prints."""

import os
import subprocess
import sys
from collections.abc import Callable
from subprocess import DEVNULL, PIPE, Popen
from time import monotonic
from typing import Any

import msgspec

from benchmarks.processes import cpu_seconds, ending
from benchmarks.replay import RUN, replaying
from benchmarks.senders import Run
from iotmock.soak.receiver.receipts import Receipts, ReceiverConfig
from tests.mosquitto import program

_SNAPSHOT_S = 0.1
_PROTOCOLS = {"properties": ("5", "mqttv5"), "json": ("3.1.1", "mqttv311")}


def receiver(data: bytes, count: int, qos: int, stamp: str) -> Run:
    """Let the receiver take it all."""
    with (
        replaying(data) as replay,
        ending(started_receiver(replay.port, qos, _PROTOCOLS[stamp][0])) as process,
    ):
        replay.subscribed.wait()
        began, cpu_s = monotonic(), cpu_seconds(process.pid)
        replay.go.set()
        receipts = until(process, lambda receipts: receipts.counts.distinct == count)
        took, cpu_s = monotonic() - began, cpu_seconds(process.pid) - cpu_s
    assert receipts.missing + receipts.foreign + receipts.counts.corrupted == 0
    return Run(count / took, cpu_s / count * 1e6)


def started_receiver(port: int, qos: int, protocol: str, **others: Any) -> Popen[bytes]:
    """Return a receiver's process that was told where to listen."""
    command = [sys.executable, "-m", "iotmock.soak.receiver.process"]
    process = Popen(command, stdin=PIPE, stdout=PIPE)
    where: dict[str, Any] = {"host": "127.0.0.1", "port": port, "qos": qos, "protocol": protocol}
    told(process, ReceiverConfig(run=RUN, snapshot_s=_SNAPSHOT_S, **where | others))
    return process


def told(process: Popen[bytes], value: object) -> None:
    """Write a line to a receiver."""
    assert process.stdin is not None
    process.stdin.write(msgspec.json.encode(value) + b"\n")
    process.stdin.flush()


def until(process: Popen[bytes], condition: Callable[[Receipts], bool]) -> Receipts:
    """Return the first receipts that meet the condition."""
    assert process.stdout is not None
    for line in process.stdout:
        receipts = msgspec.json.decode(line, type=Receipts)
        if condition(receipts):
            return receipts
    raise RuntimeError("the receiver ended")


def mosquitto_sub(data: bytes, count: int, qos: int, stamp: str) -> Run:
    """Let `mosquitto_sub` take it all, and print a dot for each."""
    with replaying(data) as replay:
        command = [
            program("mosquitto_sub"), "-h", "127.0.0.1", "-p", str(replay.port), "-q", str(qos),
            "-V", _PROTOCOLS[stamp][1], "-t", "#", "-F", ".", "-C", str(count),
        ]  # fmt: skip
        process = subprocess.Popen(command, stdout=DEVNULL)
        replay.subscribed.wait()
        began = monotonic()
        replay.go.set()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        took = monotonic() - began
    assert process.returncode == 0
    return Run(count / took, (usage.ru_utime + usage.ru_stime) / count * 1e6)
