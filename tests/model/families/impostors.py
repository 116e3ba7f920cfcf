"""What looks right on average and is not real: of the mean that it is given."""

from collections.abc import Callable

import numpy as np

from iotmock.judge.piece import Piece, Values

Impostor = Callable[[Piece], Piece]


def _like(piece: Piece, course: Values) -> Piece:
    return Piece(course * float(piece.powers.mean()), piece.step_s, piece.cut)


def square_wave(piece: Piece) -> Piece:
    """On from 8 to 18 h on workdays; off is off."""
    on = (piece.hours >= 8.0) & (piece.hours < 18.0) & piece.is_workday
    return _like(piece, np.where(on, 1.0, 0.0))


def cosine(piece: Piece) -> Piece:
    """The same smooth day every day, half of it at weekends."""
    course = 1.0 - 0.6 * np.cos((piece.hours - 2.0) / 12.0 * np.pi)
    return _like(piece, np.where(piece.is_workday, course, 0.5 * course))


def ten_percent(piece: Piece) -> Piece:
    """A constant ±10 %, which is what most simulators send."""
    random = np.random.default_rng(int(piece.powers.sum() * 1e6) % 2**32)
    return _like(piece, random.uniform(0.9, 1.1, piece.powers.size))


SHAPES: tuple[Impostor, ...] = (square_wave, cosine, ten_percent)


def repeated(pieces: list[Piece]) -> list[Piece]:
    """Return one of the pieces, over and over: each is as real as can be."""
    return [pieces[0]] * len(pieces)
