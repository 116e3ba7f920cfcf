"""A table of colours: a row for each day, a cell for each hour, and what the colours mean."""

from collections.abc import Sequence
from html import escape

from attrs import field, frozen

from iotmock.charts.page.palette import SHADES
from iotmock.charts.page.tables import folded
from iotmock.model.numbers.plain_number import figure

_TALLEST, _LEAST, _ALL = 22.0, 3.0, 900.0
_MOST_NAMES = 24
_EVERY_HOURS = 3


@frozen
class HeatMap:
    """Means by day and hour in `unit`; None where there was nothing."""

    rows: Sequence[tuple[str, Sequence[float | None]]]
    unit: str
    digits: int = 4
    _most: float = field(init=False)

    @_most.default
    def _find_most(self) -> float:
        return max((one for _, row in self.rows for one in row if one is not None), default=0.0)

    @property
    def style(self) -> str:
        """The CSS that its rows need: they are the lower the more there are."""
        tall = max(_LEAST, min(_TALLEST, _ALL / len(self.rows)))
        return f".heat tbody td,.heat tbody th{{height:{tall:.1f}px}}"

    def html(self) -> str:
        """Return the colours, and the values in a table below."""
        every = max(1, -(-len(self.rows) // _MOST_NAMES))
        lines = [
            self._line(day if not number % every else "", hours)
            for number, (day, hours) in enumerate(self.rows)
        ]
        return (
            f'<figure>{self._key()}<table class="heat" data-unit="{escape(self.unit)}">'
            f"<thead>{_HEAD}</thead><tbody>{''.join(lines)}</tbody></table>"
            f"{self._table()}</figure>"
        )

    def _key(self) -> str:
        most = f"{figure(self._most, self.digits)} {escape(self.unit)}"
        shades = "".join(f'<i class="s{shade}"></i>' for shade in range(SHADES))
        return (
            '<figcaption class="key"><span class="item">'
            f'0 <span class="shades">{shades}</span> {most}</span></figcaption>'
        )

    def _line(self, name: str, hours: Sequence[float | None]) -> str:
        cells = "".join(map(self._cell, hours))
        head = f'<th class="day" scope="row">{escape(name)}</th>' if name else "<td></td>"
        return f"<tr>{head}{cells}</tr>"

    def _cell(self, value: float | None) -> str:
        if value is None:
            return "<td></td>"
        shade = max(0, min(SHADES - 1, int(SHADES * value / (self._most or 1.0))))
        return f'<td class="s{shade}"></td>'

    def _table(self) -> str:
        heads = ["", *(f"{hour:02d}" for hour in range(24))]
        rows = [
            [escape(day), *("-" if one is None else figure(one, self.digits) for one in hours)]
            for day, hours in self.rows
        ]
        return folded(heads, rows, numbers=range(1, 25))


_HEAD = '<tr><td class="day"></td>' + "".join(
    f'<th colspan="{_EVERY_HOURS}" scope="col">{hour:02d}:00</th>'
    for hour in range(0, 24, _EVERY_HOURS)
) + "</tr>"  # fmt: skip
