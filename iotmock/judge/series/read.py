"""From files to pieces: how long steps and pieces are, and what was met on the way."""

from collections.abc import Sequence
from datetime import tzinfo
from pathlib import Path
from statistics import median

from attrs import Factory, define, evolve, frozen

from iotmock.judge.piece import Cut
from iotmock.judge.series.batch import Batch, RealSeriesError
from iotmock.judge.series.columns import Wanted
from iotmock.judge.series.csv_file import CsvFile, csv_file
from iotmock.judge.series.days import Days, Found, TooMuchError
from iotmock.judge.series.parquet_file import ParquetFile, parquet_file
from iotmock.judge.series.pieces import MOST_MISSING, Cutting, Real, pieces

FEWEST = 2
"""One piece alone has no distance to another."""
MOST = 400
"""Pieces that are looked at: each is compared with each."""
_STEPS = {Cut.WEEK: (900.0, 3_600.0), Cut.DAY: (60.0, 300.0, 900.0)}
_LOOSE = 1.5
"""By how much readings may be further apart than steps are long."""
_SHORTER = "readings must not be further apart"
SeriesFile = CsvFile | ParquetFile


@frozen
class Asked:
    """What the user says of files; None where they tell themselves. `step_s` in s."""

    wanted: Wanted = Factory(Wanted)
    time_format: str | None = None
    zone: tzinfo | None = None
    cut: Cut | None = None
    step_s: float | None = None


@define
class RealSeries:
    """The pieces of all files, and what there was to say of them."""

    cut: Cut
    step_s: float
    usual_step_s: float
    """Between two readings."""
    unit_is_said: bool
    pieces: list[Real] = Factory(list)
    found: Found = Factory(Found)
    cutting: Cutting = Factory(Cutting)
    thinned_from: int | None = None
    """How many pieces there were before some were chosen, evenly."""

    @property
    def devices(self) -> list[str]:
        """Whose pieces they are, in order."""
        return list(dict.fromkeys(real.device for real in self.pieces))


def read(paths: Sequence[Path], asked: Asked) -> RealSeries:
    """Read files as weeks, or as days where there are fewer than two weeks.

    Raises:
        RealSeriesError: one is no series, or has fewer than two whole days.
        MissingExtraError: one is of Parquet, and pyarrow is not installed.
        OSError: one can not be read.
    """
    files = [_looked_at(path, asked) for path in paths]
    usual_s = max(_usual_step(file) for file in files)
    met: list[str] = []
    for cut, step_s in _steps(paths[0], usual_s, asked):
        series = _cut(_days(files, step_s, asked.zone), cut, files[0], usual_s)
        if len(series.pieces) >= FEWEST:
            return series
        met.append(_too_few(series))
    raise RealSeriesError(paths[0], "; ".join(met))


def _looked_at(path: Path, asked: Asked) -> SeriesFile:
    is_parquet = path.suffix.lower() in {".parquet", ".pq"}
    return (parquet_file if is_parquet else csv_file)(path, asked.wanted, asked.time_format)


def _usual_step(file: SeriesFile) -> float:
    if not file.steps:
        raise RealSeriesError(file.path, "has fewer than two times that can be read")
    return median(file.steps)


def _steps(path: Path, usual_s: float, asked: Asked) -> list[tuple[Cut, float]]:
    """Return the cuts to try, the first first, each with the length of its steps."""
    cuts = [asked.cut] if asked.cut is not None else [Cut.WEEK, Cut.DAY]
    found = [(cut, asked.step_s or _step(cut, usual_s)) for cut in cuts]
    fit = [(cut, step_s) for cut, step_s in found if usual_s <= _LOOSE * step_s]
    if not fit:
        longest = max(step_s for _, step_s in found)
        raise RealSeriesError(
            path, f"has a reading every {usual_s:g} s, and steps are {longest:g} s: {_SHORTER}"
        )
    return fit


def _step(cut: Cut, usual_s: float) -> float:
    allowed = _STEPS[cut]
    return next((step for step in allowed if step >= usual_s), allowed[-1])


def _days(files: Sequence[SeriesFile], step_s: float, zone: tzinfo | None) -> Days:
    days = Days(step_s, zone)
    for file in files:
        try:
            for batch in file.batches():
                days.add(_named(batch, file))
        except TooMuchError as error:
            raise RealSeriesError(file.path, str(error)) from error
    return days


def _named(batch: Batch, file: SeriesFile) -> Batch:
    """Give devices the name of their file, too: two files may call theirs alike."""
    stem = file.path.name.partition(".")[0]
    if batch.devices is None:
        return evolve(batch, devices=[stem] * batch.powers.size)
    return evolve(batch, devices=[f"{stem}/{device}" for device in batch.devices])


def _cut(days: Days, cut: Cut, file: SeriesFile, usual_s: float) -> RealSeries:
    said = all(power.unit_is_said for power in file.columns.powers)
    series = RealSeries(cut, days.step_s, usual_s, said)
    series.found = days.found
    for device, of_device in days.by_device.items():
        series.pieces += pieces(of_device, device, days.step_s, cut, series.cutting)
    _thin(series)
    return series


def _thin(series: RealSeries) -> None:
    count = len(series.pieces)
    if count > MOST:
        series.thinned_from = count
        series.pieces = [series.pieces[at * count // MOST] for at in range(MOST)]


def _too_few(series: RealSeries) -> str:
    cutting, cut = series.cutting, series.cut
    begin = ", Monday to Sunday" if cut is Cut.WEEK else ""
    return (
        f"has {len(series.pieces)} whole {cut}s{begin}, and {FEWEST} are needed: "
        f"{cutting.incomplete} miss more than {MOST_MISSING:.0%}, "
        f"{cutting.without_power} have no power"
    )
