"""How far it is, on standard error: a line that changes at a terminal, else one now and then."""

import sys
from collections.abc import Callable
from contextlib import suppress

import trio
from attrs import define

_AT_A_TERMINAL_S = 1.0
_ELSEWHERE_S = 10.0


@define(eq=False)
class Progress:
    """Says a line again and again while something goes on."""

    line: Callable[[], str]
    _width: int = 0

    async def run(self) -> None:
        """Say it until cancelled."""
        is_terminal = sys.stderr.isatty()
        while True:
            await trio.sleep(_AT_A_TERMINAL_S if is_terminal else _ELSEWHERE_S)
            self._say(is_terminal=is_terminal)

    def _say(self, *, is_terminal: bool) -> None:
        text = self.line()
        if is_terminal:
            _write(f"\r{text.ljust(self._width)}")
            self._width = len(text)
        else:
            _write(f"{text}\n")

    def end(self) -> None:
        """Leave the line that changes."""
        if self._width:
            _write("\n")


def note(text: str) -> None:
    """Say what has happened, once."""
    _write(f"iotmock: {text}\n")


def _write(text: str) -> None:
    with suppress(OSError):  # nobody reads it any more: that ends no recording
        sys.stderr.write(text)
        sys.stderr.flush()
