"""A chart: its key, the curves as SVG, their values for the script, and a table of them below."""

import json
from collections.abc import Iterator, Sequence
from html import escape

from attrs import field, frozen

from iotmock.charts import svg
from iotmock.charts.axes import Axis
from iotmock.charts.curves import Cell, Columns, Curve
from iotmock.charts.scales import Scale
from iotmock.charts.steps import steps
from iotmock.charts.values import values_table

_WIDTH = 1080.0
_DRAWN = 540
"""Columns that are drawn, of whatever part of the axis is seen."""
_KNOWN = 3_600
"""Columns of which the script knows the values: what can be seen by zooming in."""
_WANTED = 9.0

_BAND = (
    '<svg class="swatch c0" viewBox="0 0 28 8" aria-hidden="true">'
    '<rect class="band" width="28" height="8"/></svg>'
)


@frozen
class Limit:
    """A value that shall not be passed."""

    name: str
    value: float


@frozen(kw_only=True)
class Chart:
    """Curves over one axis; charts of one `group` have crosshair and zoom in common.

    `name` is its place on the page, `title` says what it shows, its unit included.
    """

    name: str
    title: str
    axis: Axis
    scale: Scale
    curves: Sequence[Curve]
    group: str
    limit: Limit | None = None
    marks: Sequence[svg.Mark] = ()
    height: float = 210.0
    digits: int = 4
    """How many of a value count."""
    _columns: Columns = field(init=False)

    @_columns.default
    def _join(self) -> Columns:
        return Columns.of(self.curves).joined(self.axis.low, self.axis.high, _KNOWN)

    def html(self) -> str:
        """Return it as a figure."""
        return (
            f'<figure class="chart" data-group="{self.group}">{self._key()}'
            f'<div class="wide">{self._svg()}</div>'
            f'<script type="application/json">{self._facts()}</script>'
            f"{values_table(self._columns, self.axis, self.digits)}</figure>"
        )

    def _key(self) -> str:
        items = [
            f'<span class="item" data-curve="{number}">{_swatch(f"c{curve.style}")}'
            f"{escape(curve.name)}</span>"
            for number, curve in enumerate(self.curves)
        ]
        if any(curve.band for curve in self.curves):
            items.append(f'<span class="item">{_BAND}from lowest to highest</span>')
        if self.limit is not None:
            items.append(f'<span class="item">{_swatch("limit")}{escape(self.limit.name)}</span>')
        return f'<figcaption class="key">{"".join(items)}</figcaption>'

    @property
    def frame(self) -> svg.Frame:
        """Where data lies while all of it is seen."""
        above = svg.LANES * svg.LANE if self.marks else svg.TOP
        height = self.height + above
        return svg.Frame(_WIDTH, height, (self.axis.low, self.axis.high), self.scale, above)

    def _svg(self) -> str:
        frame = self.frame
        return (
            f'<svg viewBox="0 0 {frame.width:g} {frame.height:g}" role="img" '
            f'aria-label="{escape(self.title)}">'
            f'<g class="rows">{"".join(svg.rows(frame))}</g>'
            f'<g class="nights">{"".join(svg.uprights(frame, self.axis.lines()))}</g>'
            f'<g class="below">{"".join(svg.below(frame, self.axis.ticks(_WANTED)))}</g>'
            f'<g class="marks">{"".join(svg.marks(frame, self.marks))}</g>'
            f'<g class="curves">{"".join(self._drawn(frame))}{self._limit(frame)}</g></svg>'
        )

    def _drawn(self, frame: svg.Frame) -> Iterator[str]:
        columns = self._columns.joined(*frame.x_range, _DRAWN)
        for number, curve in enumerate(self.curves):
            pieces = [_piece(frame, curve, run) for run in columns.runs(number)]
            yield f'<g class="curve c{curve.style}" data-curve="{number}">{"".join(pieces)}</g>'

    def _limit(self, frame: svg.Frame) -> str:
        if self.limit is None or not self._is_seen(self.limit.value):
            return ""
        y = frame.y(self.limit.value)
        return f'<line class="limit" x1="{svg.LEFT}" x2="{frame.right}" y1="{y}" y2="{y}"/>'

    def _is_seen(self, value: float) -> bool:
        return self.scale.low <= self.scale.place(value) <= self.scale.high

    def _facts(self) -> str:
        columns = self._columns
        curves = [
            {
                "name": curve.name,
                "join": curve.join,
                "band": curve.band,
                "gap": max(curve.gap, 2.5 * columns.width),
                "values": [self._rounded(cell, curve) for cell in cells],
            }
            for curve, cells in zip(self.curves, columns.cells, strict=True)
        ]
        facts = {
            "axis": self.axis.facts(),
            "scale": self.scale.facts(),
            "top": self.frame.top,
            "height": self.frame.height,
            "digits": self.digits,
            "steps": steps(columns.x, self.axis.low),
            "curves": curves,
        }
        # A name must not end the element that it is in.
        return json.dumps(facts, separators=(",", ":")).replace("<", "\\u003c")

    def _rounded(self, cell: Cell | None, curve: Curve) -> object:
        if cell is None:
            return None
        low, value, high = (float(f"{one:.{self.digits}g}") for one in cell)
        return [low, value, high] if curve.band and low != high else value


def _piece(frame: svg.Frame, curve: Curve, run: Sequence[tuple[float, Cell]]) -> str:
    def places(which: int) -> list[svg.Place]:
        return [(frame.x(at), frame.y(cell[which])) for at, cell in run]

    band = svg.area(places(2), places(0)) if curve.band else ""
    return band + svg.line(places(1))


def _swatch(style: str) -> str:
    return (
        f'<svg class="swatch {style}" viewBox="0 0 28 8" aria-hidden="true">'
        '<line x1="0" x2="28" y1="4" y2="4"/></svg>'
    )
