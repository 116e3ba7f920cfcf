"""Settings that change as a device lives (a battery's charge, a session), saved in turns."""

from collections.abc import Callable, Iterator

import trio
from attrs import define

PERIOD_S = 60.0
_AT_ONCE = 2_000
"""Devices a period: a fleet of more takes turns, so that the file has no burst of writes."""


@define(eq=False)
class Drifting:
    """Has the registry writer take note of these devices: all at the end, and some every minute.

    So an end loses nothing of them, and a kill as much as a turn takes: a minute for up to 2,000.
    """

    names: Callable[[], Iterator[str]]
    """The ids of devices whose settings drift."""
    note: Callable[[str], None]
    _reached: str = ""

    async def run(self) -> None:
        """Note the next ones every period, until cancelled."""
        while True:
            await trio.sleep(PERIOD_S)
            self.note_some()

    def note_some(self) -> None:
        """Note the next ones, in the order of their ids, and then the first again."""
        names = sorted(self.names())
        later = [name for name in names if name > self._reached] or names
        for name in later[:_AT_ONCE]:
            self.note(name)
            self._reached = name

    def note_all(self) -> None:
        """Note all of them, for the last write."""
        for name in self.names():
            self.note(name)
