"""The signals that ask a process to end in order."""

import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from os import getpid, kill

import trio


def ending_signals() -> tuple[signal.Signals, ...]:
    """Return SIGINT, SIGTERM and SIGHUP, which comes when the terminal is closed.

    `nohup` has SIGHUP ignored, and it stays so.
    """
    if signal.getsignal(signal.SIGHUP) is signal.SIG_IGN:
        return signal.SIGINT, signal.SIGTERM
    return signal.SIGINT, signal.SIGTERM, signal.SIGHUP


async def heed_signals(
    ask: Callable[[int], Awaitable[None]],
    hurry: Callable[[], Awaitable[None]] | None = None,
    *,
    task_status: trio.TaskStatus[None] = trio.TASK_STATUS_IGNORED,
) -> None:
    """Ask for an end at the first signal, in order; a second one ends the process at once.

    What can not be left as it is `hurry` puts in order before, within a bound; a third signal does
    not wait for it.

    It has started when no signal is a KeyboardInterrupt any more, which would be raised in
    whichever actor runs just then: open it before anything else.
    """
    with trio.open_signal_receiver(*ending_signals()) as signals:
        task_status.started()
        await ask(await anext(signals))
        again = await anext(signals)
        if hurry is not None:
            await _unless_another(signals, hurry)
    signal.signal(again, signal.SIG_DFL)
    kill(getpid(), again)


async def _unless_another(
    signals: AsyncIterator[int], hurry: Callable[[], Awaitable[None]]
) -> None:
    async def wait_for_another() -> None:
        await anext(signals)
        nursery.cancel_scope.cancel()

    async with trio.open_nursery() as nursery:
        nursery.start_soon(wait_for_another)
        await hurry()
        nursery.cancel_scope.cancel()
