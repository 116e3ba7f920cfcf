"""The senders side by side, each timed to the last message that the independent counter got."""

import os
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from subprocess import PIPE, Popen
from time import monotonic

import msgspec
from attrs import frozen

from benchmarks.counter import Counter
from benchmarks.processes import ending
from benchmarks.sender import PAYLOAD, TOPICS, Report
from benchmarks.served import environment
from iotmock.dialects.native.topics import data_topic
from tests.mosquitto import Mosquitto, program

LINES_TOPIC = "bench/lines"
DATA_FILTER = data_topic("+")


@frozen
class Run:
    """Messages per second end to end, and CPU time of the sender per message."""

    rate: float
    cpu_us: float


Sender = Callable[[Mosquitto, int, int], Run]
"""Sends, over a broker and at a QoS, messages for 10,000 topics; returns once all have arrived."""


def mosquitto_pub(broker: Mosquitto, qos: int, messages: int) -> Run:
    """Send with `mosquitto_pub -l`, one topic, from a file; its start (some ms) is in the time."""
    command = [
        program("mosquitto_pub"), "-h", broker.host, "-p", str(broker.port), "-u", broker.username,
        "-P", broker.password, "-q", str(qos), "-t", LINES_TOPIC, "-l",
    ]  # fmt: skip
    counter = Counter.start(broker, LINES_TOPIC, messages)
    with ending(counter.process), _lines(broker.folder, messages).open("rb") as stdin:
        began = monotonic()
        process = Popen(command, stdin=stdin)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        took = counter.wait_all(messages) - began
    return Run(messages / took, (usage.ru_utime + usage.ru_stime) / messages * 1e6)


def _lines(folder: Path, messages: int) -> Path:
    path = folder / f"lines-{messages}"
    if not path.exists():
        path.write_bytes((PAYLOAD + b"\n") * messages)
    return path


def _ours(subject: str, broker: Mosquitto, qos: int, messages: int) -> Run:
    rounds = messages // TOPICS
    command = [sys.executable, "-m", "benchmarks.sender", subject, str(qos), str(rounds)]
    process = Popen(command, env=environment(broker.port), stdin=PIPE, stdout=PIPE)
    with ending(process):
        _read(process)  # it is ready
        counter = Counter.start(broker, DATA_FILTER, messages)
        with ending(counter.process):
            _release(process)
            ended = counter.wait_all(messages)
        report = msgspec.json.decode(_read(process), type=Report)
    return Run(messages / (ended - report.began), report.cpu_s / messages * 1e6)


def _read(process: Popen[bytes]) -> bytes:
    assert process.stdout is not None, "a pipe"
    if line := process.stdout.readline():
        return line
    raise RuntimeError(f"the sender ended: {process.args!r}")


def _release(process: Popen[bytes]) -> None:
    assert process.stdin is not None, "a pipe"
    process.stdin.write(b"go\n")
    process.stdin.flush()


client: Sender = partial(_ours, "client")
publisher: Sender = partial(_ours, "publisher")
