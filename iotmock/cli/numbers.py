"""Numbers of options: what is none is told with the value and with what is allowed."""

from collections.abc import Callable
from typing import TypeVar

import typer

from iotmock.settings import numbers
from iotmock.settings.numbers import NotAllowedError
from iotmock.wording.quoted import quoted

T = TypeVar("T", int, float)


def whole(low: int, high: int) -> Callable[[str], int]:
    """Return a parser of whole numbers for an option."""
    return _told(numbers.whole(low, high))


def number(low: float, high: float) -> Callable[[str], float]:
    """Return a parser of numbers for an option."""
    return _told(numbers.number(low, high, ""))


def _told(parse: Callable[[str], T]) -> Callable[[str], T]:
    def read(given: object) -> T:
        try:
            return parse(str(given))
        except NotAllowedError as error:
            text = f"must be {error.allowed}, not {quoted(str(given))!a}"
            raise typer.BadParameter(text) from None

    return read
