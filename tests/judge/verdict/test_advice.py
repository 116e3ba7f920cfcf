"""What to set, and what there is to know of a file."""

from collections.abc import Sequence

import numpy as np
from attrs import evolve

from iotmock.judge.piece import Cut, Piece
from iotmock.judge.series.days import Found
from iotmock.judge.series.pieces import Cutting, Real
from iotmock.judge.series.read import RealSeries
from iotmock.judge.verdict.advice import advice
from iotmock.judge.verdict.comparison import Comparison
from iotmock.judge.verdict.notes import notes
from iotmock.judge.verdict.verdict import Verdict
from tests.judge.pieces import office, week


def verdict(
    real: Sequence[tuple[str, Piece]],
    simulated: Sequence[Piece],
    ranking: Sequence[tuple[str, float]] = (("hvac/split", 1.0),),
    found: Found | None = None,
) -> Verdict:
    series = RealSeries(Cut.WEEK, 900.0, 60.0, unit_is_said=True)
    series.found = found or Found(rows=1_000)
    series.pieces = [Real(name, 739_000, one, float(one.powers.mean())) for name, one in real]
    comparison = Comparison([one for _, one in real], [name for name, _ in real], simulated)
    return Verdict(series, "hvac/split", 2.0, comparison, ranking)


def offices(first: int, count: int = 10) -> list[Piece]:
    return [office(seed) for seed in range(first, first + count)]


def scaled(piece: Piece, factor: float) -> Piece:
    return week(piece.powers * factor)


def of_one(pieces: Sequence[Piece]) -> list[tuple[str, Piece]]:
    return [("a", piece) for piece in pieces]


def test_of_the_same_there_is_nothing_to_set_but_the_interval() -> None:
    said = list(advice(verdict(of_one(offices(0)), offices(50))))
    assert said == ["SIMULATION_INTERVAL: 60, as far apart as these readings are, in s"]


def test_a_nearer_profile_is_named_if_it_is_clearly_nearer() -> None:
    nearer, hardly = [("server/rack", 0.3)], [("server/rack", 0.9)]
    first, second = (
        next(advice(verdict(of_one(offices(0)), offices(50), ranking)))
        for ranking in (nearer, hardly)
    )
    assert first.startswith("profile: server/rack is nearer to this series, 0.3 in place of ")
    assert not second.startswith("profile")


def test_base_power_follows_the_mean() -> None:
    real = [scaled(piece, 3.0) for piece in offices(0)]
    [said] = [one for one in advice(verdict(of_one(real), offices(50))) if "base_power:" in one]
    assert 5.0 < float(said.split()[1]) < 7.0


def test_devices_of_other_sizes_have_their_spread_said() -> None:
    real = [(f"{at}", scaled(piece, 1.0 + 0.1 * at)) for at, piece in enumerate(offices(0))]
    [said] = [one for one in advice(verdict(real, offices(50))) if "base_power_spread" in one]
    expected = np.sqrt(3.0) * np.std(1.0 + 0.1 * np.arange(10)) / 1.45
    assert abs(float(said.split()[1]) - expected) < 0.1


def test_days_that_begin_later_are_said_in_hours() -> None:
    late = [week(np.roll(piece.powers, 12)) for piece in offices(0)]
    [said] = [one for one in advice(verdict(of_one(late), offices(50))) if "TIMEZONE" in one]
    assert said.startswith("SITE_TIMEZONE: these days run 3 h later than simulated ones")
    [said] = [one for one in advice(verdict(of_one(offices(0)), late)) if "TIMEZONE" in one]
    assert said.startswith("SITE_TIMEZONE: these days run 3 h earlier than simulated ones")


def test_clones_are_told_to_vary() -> None:
    clones = [office(50)] * 10
    [said] = [one for one in advice(verdict(of_one(offices(0)), clones)) if "PERCENT" in one]
    assert said.startswith("DATA_VARIATION_PERCENT: simulated ones vary less than these")


def test_a_file_with_faults_is_told_which_profile_has_them() -> None:
    for missing, level in ((5, "realistic"), (100, "harsh")):
        found = Found(rows=1_000, missing=missing)
        told = list(advice(verdict(of_one(offices(0)), offices(50), found=found)))
        assert any(one.startswith(f"FAULT_PROFILE: {level};") for one in told)


def test_what_was_mended_is_said_with_its_count() -> None:
    found = Found(rows=9_000, missing=1_200, negative=1, backwards=2, doubled=3)
    told = verdict(of_one(offices(0)), offices(50), found=found)
    told.series.cutting = Cutting(incomplete=1, bridged=7)
    assert list(notes(told)) == [
        "without power, and left out: 1,200 readings",
        "negative, kept as they are: 1 reading",
        "older than the one before, and sorted in: 2 readings",
        "of the time of the one before, which counts: 3 readings",
        "without reading, and given the value of the one before: 7 steps",
        "left out, as parts are missing: 1 week",
    ]


def test_few_pieces_and_an_unknown_unit_are_said() -> None:
    told = verdict(of_one(offices(0, 2)), offices(50))
    rough = evolve(told.series, unit_is_said=False, thinned_from=500)
    assert list(notes(evolve(told, series=rough))) == [
        "no unit is said: powers are taken as kW (--unit W)",
        "2 of 500 weeks are looked at",
        "with 2 weeks all figures are rough",
    ]


def test_copies_of_a_week_are_no_measure_of_distance() -> None:
    told = verdict(of_one([office(1)] * 9), offices(50))
    assert list(notes(told)) == ["many real weeks are copies of others: the distance is rough"]
    assert told.comparison.distance < 100.0
