"""What was met in the files, as sentences: so that nobody takes for measured what was mended."""

from collections.abc import Iterator

from iotmock.judge.piece import Cut
from iotmock.judge.series.read import RealSeries
from iotmock.judge.verdict.distance import COPIES
from iotmock.judge.verdict.verdict import Verdict
from iotmock.model.numbers.plain_number import figure

_FEW = {Cut.WEEK: 8, Cut.DAY: 20}


def notes(verdict: Verdict) -> Iterator[str]:
    """Yield what there is to know before the figures are believed."""
    series = verdict.series
    if not series.unit_is_said:
        yield "no unit is said: powers are taken as kW (--unit W)"
    for count, what, says in (*_of_rows(series), *_of_pieces(series)):
        if count:
            yield f"{says}: {count:,} {what}{'s' if count > 1 else ''}"
    yield from _of_the_whole(series)
    if verdict.comparison.space.among_real < COPIES:
        yield f"many real {series.cut}s are copies of others: the distance is rough"


def _of_rows(series: RealSeries) -> Iterator[tuple[int, str, str]]:
    found = series.found
    how = "taken as production, and turned" if series.cutting.producing else "kept as they are"
    yield found.missing, "reading", "without power, and left out"
    yield found.negative, "reading", f"negative, {how}"
    yield found.backwards, "reading", "older than the one before, and sorted in"
    yield found.doubled, "reading", "of the time of the one before, which counts"


def _of_pieces(series: RealSeries) -> Iterator[tuple[int, str, str]]:
    cutting, cut = series.cutting, series.cut
    yield cutting.bridged, "step", "without reading, and given the value of the one before"
    yield cutting.incomplete, cut, "left out, as parts are missing"
    yield cutting.without_power, cut, "left out, as there is no power"


def _of_the_whole(series: RealSeries) -> Iterator[str]:
    count, cut = len(series.pieces), series.cut
    if series.thinned_from:
        yield f"{count:,} of {series.thinned_from:,} {cut}s are looked at"
    if count < _FEW[cut]:
        yield f"with {count} {cut}s all figures are rough"
    if cut is Cut.DAY:
        step = figure(series.step_s, 4)
        yield f"days are compared, in steps of {step} s: rhythms of the week do not count"
