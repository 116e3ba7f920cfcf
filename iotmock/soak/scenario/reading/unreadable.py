"""What stands in a scenario for a value that could not be read, while the rest is looked over."""

from collections.abc import Iterator
from contextlib import suppress
from typing import Any, NoReturn, TypeVar

T = TypeVar("T")


class UnreadableError(Exception):
    """Somebody asked what a value is that could not be read."""


class Unreadable:
    """Answers nothing: whoever asks it anything has nothing more to say about it."""

    def _refuse(self, *_: object) -> NoReturn:
        raise UnreadableError

    __getattr__ = __getitem__ = __call__ = __iter__ = __len__ = __contains__ = _refuse
    __eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = __hash__ = __bool__ = _refuse
    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = _refuse
    __truediv__ = __rtruediv__ = __float__ = __int__ = __format__ = __str__ = _refuse

    def __repr__(self) -> str:
        return "UNREADABLE"


UNREADABLE: Any = Unreadable()
"""What is wrong with it is among the faults."""


def as_far_as_readable(found: Iterator[T]) -> Iterator[T]:
    """Yield what is found until an unreadable value is met."""
    with suppress(UnreadableError):
        yield from found
