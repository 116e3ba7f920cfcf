"""Our elementary functions against the C library's."""

import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iotmock.model.numbers import exact_math
from iotmock.model.numbers.noise import Noise, gauss_at


@given(st.floats(-740.0, 700.0))
def test_exp(x: float) -> None:
    assert exact_math.exp(x) == pytest.approx(math.exp(x), rel=1e-14)


@given(st.floats(1e-300, 1e300))
def test_log(x: float) -> None:
    assert exact_math.log(x) == pytest.approx(math.log(x), rel=1e-13, abs=1e-15)


@given(st.floats(-100.0, 100.0))
def test_sine_and_cosine(turns: float) -> None:
    angle = 2.0 * math.pi * math.remainder(turns, 1.0)
    assert exact_math.sine(turns) == pytest.approx(math.sin(angle), abs=1e-12)
    assert exact_math.cosine(turns) == pytest.approx(math.cos(angle), abs=1e-12)


@pytest.mark.parametrize("source", ["sequence", "by index"])
def test_normal_numbers_are_normal(source: str) -> None:
    noise = Noise(2025)
    values = [noise.gauss() if source == "sequence" else gauss_at(5, n) for n in range(100_000)]
    mean = math.fsum(values) / len(values)
    moments = [math.fsum((x - mean) ** power for x in values) / len(values) for power in (2, 3, 4)]
    follow = math.fsum(a * b for a, b in pairwise(values)) / len(values)
    assert mean == pytest.approx(0.0, abs=0.02)
    assert moments == pytest.approx([1.0, 0.0, 3.0], abs=0.1)
    assert follow == pytest.approx(0.0, abs=0.02)


def test_branches_are_sequences_of_their_own() -> None:
    noise = Noise(1)
    one, other = noise.branch(), noise.branch()
    assert [one.gauss() for _ in range(5)] != [other.gauss() for _ in range(5)]
