"""A process that runs a shard: `python -m iotmock.soak.shard.worker`.

It reads a `ShardOrder` and then `Instruction`s as JSON lines on stdin, and writes `Word`s as JSON
lines on stdout; its log is stderr. It ends when its run does; where stdin does it leaves nothing at
the broker, as nobody is there any more who would clear it.
"""

import signal
from collections.abc import AsyncIterator
from contextlib import suppress
from os import dup

import msgspec
import trio

from iotmock.actors.errors import leaves
from iotmock.log.lines import set_up_logging
from iotmock.mqtt.embedded.embedded import EmbeddedBrokerError
from iotmock.service.errors import ServiceError
from iotmock.settings.errors import SettingsError
from iotmock.soak.receiver.lines import read_lines
from iotmock.soak.shard.leaving import LEAVING_S
from iotmock.soak.shard.order import Instruction, Leave, Problem, ShardOrder, Word
from iotmock.soak.shard.run import run_shard
from iotmock.uncollected import exit_uncollected

_MENDABLE = (SettingsError, ServiceError, EmbeddedBrokerError)
_encode = msgspec.json.Encoder().encode
_WAITING = 8


async def work(source: trio.abc.ReceiveStream, sink: trio.abc.SendStream) -> int:
    """Run the shard that `source` orders; return the exit code."""

    async def say(word: Word) -> None:
        async with speaking:
            with suppress(trio.BrokenResourceError):  # nobody listens any more, and stdin ends
                await sink.send_all(_encode(word) + b"\n")

    speaking, leaving, lines = trio.Lock(), trio.Event(), read_lines(source)
    order = msgspec.json.decode(await anext(lines), type=ShardOrder)
    problems: list[str] = []
    try:
        async with trio.open_nursery() as nursery:
            send, receive = trio.open_memory_channel[Instruction](_WAITING)
            nursery.start_soon(_listen, lines, send, leaving, nursery.cancel_scope)
            await run_shard(order, receive, say, leaving)
            nursery.cancel_scope.cancel()
    except* _MENDABLE as group:
        problems = [str(error) for error in leaves(group)]
    for problem in problems:
        await say(Problem(problem))
    return 2 if problems else 0


async def _listen(
    lines: AsyncIterator[bytes],
    send: trio.MemorySendChannel[Instruction],
    leaving: trio.Event,
    scope: trio.CancelScope,
) -> None:
    """Hand instructions on; at the end of them, which is the end of whoever gave them, leave."""
    async for line in lines:
        instruction = msgspec.json.decode(line, type=Instruction)
        if isinstance(instruction, Leave):
            break
        await send.send(instruction)
    leaving.set()
    with trio.move_on_after(LEAVING_S):
        await send.send(Leave())
        await trio.sleep_forever()
    scope.cancel()


def main() -> int:
    """Run it on this process's stdin and stdout; return the exit code."""
    # Ctrl-C reaches every process of a terminal; this one still has its last words to say.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    set_up_logging("info", "console")
    return trio.run(work, trio.lowlevel.FdStream(dup(0)), trio.lowlevel.FdStream(dup(1)))


if __name__ == "__main__":
    exit_uncollected(main())
