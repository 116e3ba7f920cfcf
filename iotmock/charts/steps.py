"""Times that follow each other evenly, in few characters."""

from collections.abc import Iterable
from itertools import groupby

_MS = 1e3


def steps(moments: Iterable[float], begin: float) -> list[list[float]]:
    """Return pairs of a step (s, to the ms) and how often it comes, from `begin` to each moment."""
    places = [round((at - begin) * _MS) for at in moments]
    differences = (place - before for before, place in zip([0, *places], places, strict=False))
    return [[_plain(step / _MS), sum(1 for _ in same)] for step, same in groupby(differences)]


def _plain(value: float) -> float:
    return int(value) if value == int(value) else value
