"""How far it is, at a terminal: one bar for each thing that takes its time."""

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Protocol, TypeVar

from rich.console import Console
from rich.progress import Progress

T = TypeVar("T")


class Shown(Protocol):
    """Yields things on, of which there are so many, and shows under a name how many are done."""

    def __call__(self, things: Iterable[T], count: int, name: str, /) -> Iterable[T]:
        """Return the things."""
        ...


@contextmanager
def shown(*, beside_stdout: bool = False) -> Iterator[Shown]:
    """Give what shows progress on stderr, if that is a terminal.

    `beside_stdout`: standard output gets the things themselves. Where that is the terminal, too,
    they are progress enough.
    """
    console = Console(stderr=True)
    if not console.is_terminal or (beside_stdout and sys.stdout.isatty()):
        yield _in_silence
        return
    with Progress(console=console) as progress:

        def show(things: Iterable[T], count: int, name: str, /) -> Iterable[T]:
            return progress.track(things, count, description=name)

        yield show


def _in_silence(things: Iterable[T], _count: int, _name: str, /) -> Iterable[T]:
    return things
