"""From the text of a variable to a number, or to what is allowed."""

import re
from collections.abc import Callable
from math import nan
from typing import Literal

_WHOLE = re.compile(r"[+-]?[0-9]{1,20}")
_NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?")
SLOWEST = 0.001
"""The least speed at which somebody sees simulated time move; 0 has a meaning of its own."""


class NotAllowedError(Exception):
    """A value is not allowed; `allowed` says what is."""

    def __init__(self, allowed: str) -> None:
        super().__init__(allowed)
        self.allowed = allowed


def number(low: float, high: float, unit: str) -> Callable[[str], float]:
    """Return a parser of numbers in a range, in digits of ASCII; what Python reads beside is none.

    That would be `1_000`, digits of other scripts, `nan`.
    """
    allowed = f"a number from {low:g} to {high:g}{unit}"

    def parse(text: str) -> float:
        found = _NUMBER.fullmatch(text.strip())
        value = float(found[0]) if found else nan
        if not low <= value <= high:
            raise NotAllowedError(allowed)
        return value + 0.0  # so that -0.0 is 0.0

    return parse


def whole(low: int, high: int) -> Callable[[str], int]:
    """Return a parser of whole numbers in a range, in digits of ASCII."""
    allowed = f"a whole number from {low} to {high}"

    def parse(text: str) -> int:
        found = _WHOLE.fullmatch(text.strip())
        if found is None or not low <= int(found[0]) <= high:
            raise NotAllowedError(allowed)
        return int(found[0])

    return parse


def speed(fastest: float) -> Callable[[str], float | Literal["step"]]:
    """Return a parser of speeds: none, by hand, or so fast that somebody sees it move."""
    parse_number = number(0, fastest, "")

    def parse(text: str) -> float | Literal["step"]:
        if text.strip() == "step":
            return "step"
        try:
            value = parse_number(text)
        except NotAllowedError:
            value = nan
        if value != 0 and not value >= SLOWEST:
            raise NotAllowedError(
                f"a number from {SLOWEST:g} to {fastest:g}, 0 for as fast as possible, or step"
            )
        return value

    return parse
