"""The independent receiver, a process of its own: `python -m iotmock.soak.receiver.process`.

It reads a `ReceiverConfig` and then `Instruction`s as JSON lines on stdin, and writes `Receipts` as
JSON lines on stdout: one once it has subscribed, one each `snapshot_s`, and the final one when it
was told to finish. It ends when stdin does. What is wrong with a line, or with the first
connection, is one line on stderr and exit code 2.
"""

import gc
import signal
import sys
from collections.abc import Awaitable, Callable
from functools import partial
from os import dup
from typing import Any

import msgspec
import trio

from iotmock.mqtt import MqttError
from iotmock.soak.receiver.lines import read_lines
from iotmock.soak.receiver.receipts import Instruction, Receipts, ReceiverConfig
from iotmock.soak.receiver.reception import ReceiverError, Reception
from iotmock.uncollected import exit_uncollected
from iotmock.wording.faults import InvalidValueError, decode

_ALLOCATIONS = 100_000
_encode = msgspec.json.Encoder().encode


async def serve(source: trio.abc.ReceiveStream, sink: trio.abc.SendStream) -> None:
    """Receive until `source` ends.

    Raises:
        ReceiverError: a line is not what it must be, or a TLS file can not be used.
        MqttError: the broker can not be reached, or refuses. Both in exception groups.
    """
    lines = read_lines(source)
    async for line in lines:
        reception = Reception.make(_decoded(line, ReceiverConfig))
        async with trio.open_nursery() as nursery:
            nursery.start_soon(report, reception, partial(_write, sink))
            async for instruction in lines:
                reception.follow(_decoded(instruction, Instruction))
            nursery.cancel_scope.cancel()


def _decoded(line: bytes, kind: Any) -> Any:
    try:
        return decode(line, kind)
    except InvalidValueError as error:
        raise ReceiverError(f"a line on stdin can not be used: {error}") from error


async def report(reception: Reception, say: Callable[[Receipts], Awaitable[None]]) -> None:
    """Listen until the account is settled, and be the only one who says what there is."""
    async with trio.open_nursery() as nursery:
        await nursery.start(reception.listener.run)
        nursery.start_soon(reception.settle)
        while not reception.settled.is_set():
            await say(reception.receipts())
            with trio.move_on_after(reception.pause_s):
                await reception.settled.wait()
        nursery.cancel_scope.cancel()
    await say(reception.receipts(final=True))


async def _write(sink: trio.abc.SendStream, receipts: Receipts) -> None:
    await sink.send_all(_encode(receipts) + b"\n")


def main() -> int:
    """Run it on this process's stdin and stdout; return the exit code."""
    # Ctrl-C reaches every process of a terminal; this one still has its last receipts to give.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.set_threshold(_ALLOCATIONS)  # tracks are many and live as long as the process
    problem: BaseException | None = None
    try:
        trio.run(serve, trio.lowlevel.FdStream(dup(0)), trio.lowlevel.FdStream(dup(1)))
    except* (ReceiverError, MqttError) as group:
        problem = group
    while isinstance(problem, BaseExceptionGroup):
        problem = problem.exceptions[0]
    if problem is not None:
        sys.stderr.write(f"iotmock receiver: {problem}\n")
    return 0 if problem is None else 2


if __name__ == "__main__":
    exit_uncollected(main())
