"""A page that shows a series: one file, no network, in the colours of the reader's choice."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, tzinfo
from html import escape
from pathlib import Path

from iotmock.history.page.document import document, section, tiles
from iotmock.history.page.svg import Frame, Label, axes, band, chart, heat_map, line
from iotmock.history.page.table import Table
from iotmock.history.progress import Shown
from iotmock.model.numbers.plain_number import figure

_WIDTH = 1080.0
_COLUMNS = 540
_DAY_S = 86_400.0
_HOURS: tuple[Label, ...] = tuple((hour, f"{hour:02d}:00") for hour in range(0, 25, 3))
_MOST_LABELS = 14

Part = Callable[[], str]
"""Draws a part of the page."""


def write_page(path: Path, table: Table, zone: tzinfo, progress: Shown) -> None:
    """Write the HTML page of a series of at least two readings; days and hours in `zone`.

    Raises:
        OSError: it can not be written.
    """
    parts = _parts(table, zone)
    body = [part() for part in progress(parts, len(parts), "page")]
    path.write_text(document(table.name, _heading(table, zone), body), encoding="utf-8")


def _heading(table: Table, zone: tzinfo) -> str:
    first, last = (datetime.fromtimestamp(table.times[at], zone) for at in (0, -1))
    when = f"{first:%d %b %Y %H:%M} to {last:%d %b %Y %H:%M} {first:%Z}"
    return (
        f"<h1>{escape(table.name)}</h1>"
        f'<p class="when">{escape(when)}, a reading every {table.step_s:g} s</p>'
    )


def _parts(table: Table, zone: tzinfo) -> list[Part]:
    """Return what draws each part: of a year of minutes each takes seconds."""
    parts: list[Part] = [
        lambda: _tiles(table),
        lambda: section("Power", _over_time(table, table.powers, "kW", zone, from_zero=True)),
        lambda: section("Every hour of every day", _by_day_and_hour(table, zone)),
        lambda: section("The average day", _average_day(table, zone), _key()),
    ]
    if table.voltages:
        parts.append(lambda: section("Voltage", _over_time(table, table.voltages, "V", zone)))
    return parts


def _key() -> str:
    return '<p class="key"><i></i>Monday to Friday<i class="second"></i>weekend</p>'


def _tiles(table: Table) -> str:
    mean, peak = sum(table.powers) / len(table.powers), max(table.powers)
    energy = mean * table.step_s * len(table.powers) / 3600.0
    night = sorted(table.powers)[len(table.powers) // 20]
    facts = (
        (f"{figure(energy, 4)} kWh", "energy"),
        (f"{figure(mean, 4)} kW", "mean power"),
        (f"{figure(peak, 4)} kW", "peak"),
        (f"{mean / peak if peak else 0.0:.2f}", "load factor"),
        (f"{figure(night, 3)} kW", "base load (5th percentile)"),
    )
    return tiles(facts)


def _over_time(
    table: Table, values: Sequence[float], unit: str, zone: tzinfo, *, from_zero: bool = False
) -> str:
    """Draw means as a line over a band from the lowest to the highest of each column."""
    begin, end = table.times[0], table.times[-1]
    columns: dict[int, list[float]] = defaultdict(list)
    for at, value in zip(table.times, values, strict=True):
        columns[int((at - begin) / (end - begin) * (_COLUMNS - 1))].append(value)
    places = [
        (begin + column / (_COLUMNS - 1) * (end - begin), some) for column, some in columns.items()
    ]
    high = max(values)
    low = 0.0 if from_zero else min(values)
    margin = 0.04 * (high - low) or 1.0
    limits = low if from_zero else low - margin, high + margin
    frame = Frame(_WIDTH, 240.0, (begin, end), limits)
    parts = axes(frame, _days(begin, end, zone), unit)
    parts.append(band(frame, [(at, min(some), max(some)) for at, some in places], "band"))
    parts.append(line(frame, [(at, sum(some) / len(some)) for at, some in places], "line"))
    return chart(frame, parts, f"{unit} over time")


def _days(begin: float, end: float, zone: tzinfo) -> list[Label]:
    """Return labels at every so many midnights of UTC, in the middle of what they name."""
    days = (end - begin) / _DAY_S
    every = max(1, round(days / _MOST_LABELS))
    form = "%a %d" if days < 60 else "%d %b"
    count = max(1, int(days / every + 0.5))
    middles = [begin + (number + 0.5) * every * _DAY_S for number in range(count)]
    starts = [middle if every == 1 else middle - 0.5 * every * _DAY_S for middle in middles]
    return [
        (middle, f"{datetime.fromtimestamp(start, zone):{form}}")
        for middle, start in zip(middles, starts, strict=True)
        if middle < end
    ]


def _local(times: Iterable[float], zone: tzinfo) -> list[datetime]:
    return [datetime.fromtimestamp(at, zone) for at in times]


def _by_day_and_hour(table: Table, zone: tzinfo) -> str:
    sums: dict[str, list[list[float]]] = defaultdict(lambda: [[] for _ in range(24)])
    for at, power in zip(_local(_begins(table), zone), table.powers, strict=True):
        sums[f"{at:%a %d %b}"][at.hour].append(power)
    rows = [
        (day, [sum(some) / len(some) if some else None for some in hours])
        for day, hours in sums.items()
    ]
    tall = max(3.0, min(22.0, 900.0 / len(rows)))
    frame = Frame(_WIDTH, tall * len(rows) + 36.0, (0.0, 24.0), (len(rows), 0.0))
    every = max(1, len(rows) // 24 + 1)
    parts = [
        f'<text class="value" x="50" y="{frame.y(number + 0.5) + 4}">{day[:6]}</text>'
        if len(rows) <= 62
        else f'<text class="value" x="50" y="{frame.y(number + 0.5) + 4}">{day[4:]}</text>'
        for number, (day, _) in enumerate(rows)
        if number % every == 0
    ]
    parts += heat_map(frame, rows)
    below = frame.height - 7
    parts += [
        f'<text class="label" x="{frame.x(at)}" y="{below}">{text}</text>' for at, text in _HOURS
    ]
    return chart(frame, parts, "Mean power by day and hour")


def _begins(table: Table) -> Iterable[float]:
    # A reading tells of the step that ends at its time.
    step_s = table.step_s
    return (at - step_s for at in table.times)


def _average_day(table: Table, zone: tzinfo) -> str:
    sums: dict[bool, list[list[float]]] = {
        weekend: [[] for _ in range(96)] for weekend in (False, True)
    }
    for at, power in zip(_local(_begins(table), zone), table.powers, strict=True):
        sums[at.weekday() >= 5][at.hour * 4 + at.minute // 15].append(power)
    means = {
        weekend: [
            (place / 4.0 + 0.125, sum(some) / len(some))
            for place, some in enumerate(quarters)
            if some
        ]
        for weekend, quarters in sums.items()
    }
    most = max(mean for points in means.values() for _, mean in points)
    frame = Frame(_WIDTH, 220.0, (0.0, 24.0), (0.0, 1.05 * most or 1.0))
    parts = axes(frame, _HOURS, "kW")
    parts += [
        line(frame, means[weekend], style) for weekend, style in ((False, "line"), (True, "other"))
    ]
    return chart(frame, parts, "Power by time of day")
