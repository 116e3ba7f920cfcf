"""The signals that ask a process to end in order."""

import signal
from collections.abc import Awaitable, Callable
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
    *,
    task_status: trio.TaskStatus[None] = trio.TASK_STATUS_IGNORED,
) -> None:
    """Ask for an end at the first signal, in order; a second one ends the process at once.

    It has started when no signal is a KeyboardInterrupt any more, which would be raised in
    whichever actor runs just then: open it before anything else.
    """
    with trio.open_signal_receiver(*ending_signals()) as signals:
        task_status.started()
        await ask(await anext(signals))
        again = await anext(signals)
    signal.signal(again, signal.SIG_DFL)
    kill(getpid(), again)
