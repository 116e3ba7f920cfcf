"""Small charts as SVG text: axes, lines, bands, a heat map. No script, no font, no network."""

from collections.abc import Sequence
from html import escape
from math import floor, log10

from attrs import frozen

from iotmock.model.numbers.plain_number import figure

LEFT, RIGHT, TOP, BOTTOM = 56.0, 22.0, 10.0, 26.0
_STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)
_SHADES = 9

Label = tuple[float, str]


@frozen
class Frame:
    """Where data lies on a chart of `width` x `height` pixels."""

    width: float
    height: float
    x_range: tuple[float, float]
    y_range: tuple[float, float]

    def x(self, value: float) -> float:
        """Return the pixel of an x value."""
        low, high = self.x_range
        share = (value - low) / ((high - low) or 1.0)
        return round(LEFT + share * (self.width - LEFT - RIGHT), 1)

    def y(self, value: float) -> float:
        """Return the pixel of a y value."""
        low, high = self.y_range
        share = (value - low) / ((high - low) or 1.0)
        return round(self.height - BOTTOM - share * (self.height - TOP - BOTTOM), 1)


def ticks(low: float, high: float, wanted: int = 5) -> list[float]:
    """Return round values from `low` to `high`, about `wanted` of them."""
    rough = (high - low) / wanted or 1.0
    scale = 10.0 ** floor(log10(rough))
    step = next(scale * step for step in _STEPS if scale * step >= rough * 0.999)
    first = -floor(-low / step + 1e-9)
    return [number * step for number in range(first, floor(high / step + 1e-9) + 1)]


def axes(
    frame: Frame, x_labels: Sequence[Label], unit: str, y_labels: Sequence[Label] = ()
) -> list[str]:
    """Draw grid lines, their values and the labels below; y values of our own choice if none."""
    parts = []
    for value, text in y_labels or [(tick, figure(tick, 10)) for tick in ticks(*frame.y_range)]:
        y = frame.y(value)
        parts.append(
            f'<line class="grid" x1="{LEFT}" x2="{frame.width - RIGHT}" y1="{y}" y2="{y}"/>'
        )
        parts.append(f'<text class="value" x="{LEFT - 8}" y="{y + 4}">{text}</text>')
    for at, text in x_labels:
        x, below = frame.x(at), frame.height - 7
        parts.append(f'<text class="label" x="{x}" y="{below}">{escape(text)}</text>')
    parts.append(f'<text class="unit" x="{LEFT - 48}" y="{TOP + 4}">{escape(unit)}</text>')
    return parts


def line(frame: Frame, points: Sequence[tuple[float, float]], style: str) -> str:
    """Draw a line through points."""
    path = " ".join(f"{frame.x(x)},{frame.y(y)}" for x, y in points)
    return f'<polyline class="{style}" points="{path}"/>'


def band(frame: Frame, points: Sequence[tuple[float, float, float]], style: str) -> str:
    """Fill between the lower and the upper value of points."""
    upper = [f"{frame.x(x)},{frame.y(high)}" for x, _, high in points]
    lower = [f"{frame.x(x)},{frame.y(low)}" for x, low, _ in reversed(points)]
    return f'<polygon class="{style}" points="{" ".join(upper + lower)}"/>'


def mark(frame: Frame, begin: float, end: float | None, text: str, title: str) -> str:
    """Draw a vertical line at `begin`, shade up to `end` if there is one, and name it above."""
    x, bottom = frame.x(begin), frame.height - BOTTOM
    width = 0.0 if end is None else round(frame.x(end) - x, 1)
    return (
        f'<g class="mark"><title>{escape(title)}</title>'
        f'<rect x="{x}" y="{TOP}" width="{width}" height="{bottom - TOP}"/>'
        f'<line x1="{x}" x2="{x}" y1="{TOP}" y2="{bottom}"/>'
        f'<text class="label" x="{x}" y="{TOP - 2}">{escape(text)}</text></g>'
    )


def heat_map(frame: Frame, rows: Sequence[tuple[str, Sequence[float | None]]]) -> list[str]:
    """Draw a row of cells per name; darker is more. `frame` has columns in x and rows in y."""
    most = max((value for _, row in rows for value in row if value is not None), default=0.0)
    parts = []
    for number, (name, row) in enumerate(rows):
        y = frame.y(number)
        height = max(1.0, round(frame.y(number + 1) - y, 1))
        for column, value in enumerate(row):
            if value is not None:
                x, end = frame.x(column), frame.x(column + 1)
                shade = min(_SHADES - 1, int(_SHADES * value / (most or 1.0)))
                parts.append(
                    f'<rect class="s{shade}" x="{x}" y="{y}" width="{end - x:.1f}" '
                    f'height="{height}"><title>{escape(name)} {column}:00, {figure(value, 4)} kW'
                    "</title></rect>"
                )
    return parts


def chart(frame: Frame, parts: Sequence[str], name: str) -> str:
    """Return the SVG of a chart."""
    return (
        f'<svg viewBox="0 0 {frame.width:g} {frame.height:g}" role="img" '
        f'aria-label="{escape(name)}">{"".join(parts)}</svg>'
    )
