"""The journal: what happened to the fleet, and who did it, one line each; summed up in a flood."""

import logging
from collections.abc import Mapping
from typing import Any

import structlog
import trio
from attrs import define, field

log = structlog.get_logger()

SAID_AT_ONCE = 5
"""Lines of one kind in a second; what is beyond them is summed up."""
FIRST_S, LONGEST_S = 1.0, 60.0
_MOST_KINDS = 64
_LONGEST_FACT = 200
_LOOKS_EVERY_S = 0.5

Facts = Mapping[str, object]


@define(eq=False)
class _Window:
    """The lines of one kind since `began`."""

    began: float
    length_s: float = FIRST_S
    said: int = 0
    held: int = 0
    latest: Facts = field(factory=dict)


@define(eq=False)
class Journal:
    """Says each event at once; of many of a kind, the latest with `times` for how many it stands.

    While a flood lasts, its lines come after 1, 2, 4 … 60 s. Facts are shortened and made
    printable: they quote what peers sent. Nothing that is secret may be given.
    """

    _windows: dict[tuple[str, str | None], _Window] = field(factory=dict)
    _held: trio.Event = field(factory=trio.Event)

    def note(self, event: str, *, over: str | None = None, **facts: object) -> None:
        """Say that something happened; `event` is a constant text, `over` the way it came."""
        if not logging.getLogger().isEnabledFor(logging.INFO):
            return
        facts, window = {"over": over, **facts}, self._window((event, over), trio.current_time())
        if window.said < SAID_AT_ONCE:
            window.said += 1
            _say(event, facts)
        else:
            window.held += 1
            window.latest = facts
            self._held.set()

    def _window(self, kind: tuple[str, str | None], now: float) -> _Window:
        window = self._windows.get(kind)
        if window is None or (not window.held and now >= window.began + window.length_s):
            if len(self._windows) >= _MOST_KINDS:
                self._windows.pop(next(iter(self._windows)))
            window = self._windows[kind] = _Window(now)
        return window

    async def run(self) -> None:
        """Say what was held back when its time has come, until cancelled; then say the rest."""
        try:
            while True:
                await self._held.wait()
                await trio.sleep(_LOOKS_EVERY_S)
                self._say_held(trio.current_time())
        finally:
            self._say_held(float("inf"))

    def _say_held(self, now: float) -> None:
        for kind, window in tuple(self._windows.items()):
            if window.held and now >= window.began + window.length_s:
                _say(kind[0], {**window.latest, "times": window.held})
                longer = min(LONGEST_S, 2.0 * window.length_s)
                self._windows[kind] = _Window(now, longer, said=SAID_AT_ONCE)
        if not any(window.held for window in self._windows.values()):
            self._held = trio.Event()


def _say(event: str, facts: Facts) -> None:
    log.info(event, **{name: _plain(fact) for name, fact in facts.items() if fact is not None})


def _plain(fact: object) -> Any:
    if not isinstance(fact, str):
        return fact
    short = fact[:_LONGEST_FACT]
    return short if short.isprintable() else "".join(c if c.isprintable() else "?" for c in short)
