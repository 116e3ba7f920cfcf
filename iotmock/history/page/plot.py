"""A page that shows a series: one file, no network, in the colours of the reader's choice."""

from collections.abc import Callable, Iterator
from datetime import datetime, tzinfo
from functools import partial
from html import escape
from pathlib import Path

from iotmock.charts.axes import Local
from iotmock.charts.chart import Chart
from iotmock.charts.heat_map import HeatMap
from iotmock.charts.page.document import HINT, document, section, tiles
from iotmock.charts.page.tables import table as html_table
from iotmock.history.page.days import average_day, hours_of_days
from iotmock.history.page.over_time import OTHERS, POWERS, Quantity, over_time
from iotmock.history.page.table import Facts, Table, has_all, together_of
from iotmock.history.progress import Shown
from iotmock.model.numbers.plain_number import figure

_MOST_DEVICES = 20
_TOGETHER = "Of all devices together."

Part = Callable[[], str]
"""Draws a part of the page."""


def write_page(path: Path, table: Table, zone: tzinfo, progress: Shown) -> None:
    """Write the HTML page of a series of at least two readings; days and hours in `zone`.

    Raises:
        OSError: it can not be written.
    """
    hours = hours_of_days(table, zone)
    parts = list(_parts(table, zone, hours))
    body = [part() for part in progress(parts, len(parts), "page")]
    page = document(table.name, _heading(table, zone), body, hours.style)
    path.write_text(page, encoding="utf-8")


def _heading(table: Table, zone: tzinfo) -> str:
    first, last = (datetime.fromtimestamp(table.times[at], zone) for at in (0, -1))
    when = (
        f"{first:%d %b %Y %H:%M} to {last:%d %b %Y %H:%M} {zone}, "
        f"a reading every {table.step_s:g} s"
    )
    ids = [one for one in table.devices if one]
    several = f"{len(ids):,} devices: {together_of(ids)}" if len(ids) > 1 else ""
    lines = "".join(f"{escape(text)}<br>" for text in (several, when) if text)
    return f'<h1>{escape(table.name)}</h1><p class="when">{lines}</p>'


def _parts(table: Table, zone: tzinfo, hours: HeatMap) -> Iterator[Part]:
    """Yield what draws each part: of a year of minutes each takes seconds."""
    # A reading tells of the step that ends at its time.
    axis = Local(table.times[0] - table.step_s, table.times[-1], zone)
    yield lambda: tiles(_figures(table)) + HINT
    yield partial(_quantity, table, POWERS, axis)
    note = _TOGETHER if len(table.devices) > 1 else ""
    yield lambda: section("Every hour of every day, kW", hours.html(), "hours", note)
    yield lambda: _card(average_day(table, zone), note)
    for quantity in OTHERS:
        if has_all(table, quantity.name):
            yield partial(_quantity, table, quantity, axis)
    if len(table.devices) > 1:
        yield lambda: section("Devices", _devices(table), "devices")


def _quantity(table: Table, quantity: Quantity, axis: Local) -> str:
    return _card(over_time(table, quantity, axis))


def _card(chart: Chart, note: str = "") -> str:
    return section(chart.title, chart.html(), chart.name, note)


def _figures(table: Table) -> Iterator[tuple[str, str]]:
    mean, peak = sum(table.powers) / len(table.powers), max(table.powers)
    energy = mean * table.step_s * len(table.powers) / 3600.0
    night = sorted(table.powers)[len(table.powers) // 20]
    yield f"{figure(energy, 4)} kWh", "energy"
    yield f"{figure(mean, 4)} kW", "mean power"
    yield f"{figure(peak, 4)} kW", "peak"
    yield f"{mean / peak if peak else 0.0:.2f}", "load factor"
    yield f"{figure(night, 3)} kW", "base load (5th percentile)"


def _devices(table: Table) -> str:
    def mean(item: tuple[str, Facts]) -> float:
        return item[1].mean_kw

    most = sorted(table.devices.items(), key=mean, reverse=True)
    rows = [
        (escape(device_id), figure(one.mean_kw, 4), figure(one.peak_kw, 4), f"{one.readings:,}")
        for device_id, one in most[:_MOST_DEVICES]
    ]
    left = len(most) - len(rows)
    note = f'<p class="note">and {left:,} more, with less</p>' if left else ""
    return html_table(("", "mean, kW", "peak, kW", "readings"), rows, numbers=(1, 2, 3)) + note
