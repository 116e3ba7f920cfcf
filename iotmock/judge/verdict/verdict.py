"""The verdict on a profile beside a user's series."""

from collections.abc import Iterable, Sequence

from attrs import frozen

from iotmock.history.progress import Shown
from iotmock.judge.series.read import RealSeries
from iotmock.judge.verdict.comparison import Comparison, rows_of
from iotmock.judge.verdict.distance import Space
from iotmock.judge.verdict.plan import Plan, every, named
from iotmock.model.family import Catalogue, DeviceType, Profile


class NothingSimulatedError(Exception):
    """The devices of a profile took nothing on these days."""

    def __init__(self, name: str) -> None:
        super().__init__(f"{name} takes no power on these days: choose another --profile")


@frozen(eq=False)
class Verdict:
    """A profile beside a series. `ranking` has all profiles by their distance, the nearest first.

    `base_power_kw` is that of the simulated devices.
    """

    series: RealSeries
    profile: str
    base_power_kw: float
    comparison: Comparison
    ranking: Sequence[tuple[str, float]]


def judge(
    plan: Plan, catalogue: Catalogue, chosen: tuple[DeviceType, Profile] | None, progress: Shown
) -> Verdict:
    """Compare a series with a profile, or with the nearest if none is chosen.

    Raises:
        NothingSimulatedError: the profile takes nothing on these days.
    """
    ranking = _ranking(plan, catalogue, progress)
    names = {named(*one): one for one in every(catalogue)}
    kind, profile = chosen or names[ranking[0][0]]
    series = plan.series
    simulated = plan.pieces(kind, profile)
    if not simulated:
        raise NothingSimulatedError(named(kind, profile))
    sources = [real.device for real in series.pieces]
    comparison = Comparison([real.piece for real in series.pieces], sources, simulated)
    # What was looked at closely is told as it is above all.
    closely = {**dict(ranking), named(kind, profile): comparison.distance}
    ranking = _sorted(closely.items())
    return Verdict(series, named(kind, profile), profile.base_power, comparison, ranking)


def _ranking(plan: Plan, catalogue: Catalogue, progress: Shown) -> list[tuple[str, float]]:
    real = plan.series.pieces
    space = Space.of(rows_of([one.piece for one in real]), [one.device for one in real])
    kinds = every(catalogue)
    found = []
    for kind, profile in progress(kinds, len(kinds), "profiles"):
        if pieces := plan.few(kind, profile):
            found.append((named(kind, profile), space.ratio(rows_of(pieces))))
    return _sorted(found)


def _sorted(found: Iterable[tuple[str, float]]) -> list[tuple[str, float]]:
    return sorted(found, key=lambda one: one[1])
