"""Pieces of a chart as SVG text. The script places the same pieces anew: `page/browser/draw.js`."""

from collections.abc import Iterator, Sequence
from html import escape

from attrs import frozen

from iotmock.charts.scales import Scale
from iotmock.charts.ticks import Tick

LEFT, RIGHT, TOP, BOTTOM = 58.0, 14.0, 12.0, 26.0
LANE = 13.0
"""The height of a line of names above the marks."""
LANES = 3
LETTER = 6.2
"""About the width of a letter of them."""
_TICK_LETTER = 7.0

Place = tuple[float, float]


@frozen
class Frame:
    """Where data lies on a chart of `width` x `height` px, below so many px for names of marks."""

    width: float
    height: float
    x_range: tuple[float, float]
    scale: Scale
    top: float = TOP

    @property
    def bottom(self) -> float:
        """Where the axis is."""
        return self.height - BOTTOM

    @property
    def right(self) -> float:
        """Where data ends."""
        return self.width - RIGHT

    def x(self, value: float) -> float:
        """Return the pixel of an x value."""
        low, high = self.x_range
        return round(LEFT + (value - low) / ((high - low) or 1.0) * (self.right - LEFT), 1)

    def y(self, value: float) -> float:
        """Return the pixel of a value."""
        return self.y_of_place(self.scale.place(value))

    def y_of_place(self, place: float) -> float:
        """Return the pixel of a place on the scale."""
        low, high = self.scale.low, self.scale.high
        share = (place - low) / ((high - low) or 1.0)
        return round(self.bottom - share * (self.bottom - self.top), 1)


@frozen
class Mark:
    """Something that happened at `begin`, and lasted up to `end` if there is one.

    `short` stands above the chart where there is no room for `name`.
    """

    begin: float
    end: float | None
    name: str
    short: str
    title: str


def rows(frame: Frame) -> Iterator[str]:
    """Draw the lines of the grid with their values."""
    for place, text in frame.scale.labels:
        y = frame.y_of_place(place)
        yield f'<line class="grid" x1="{LEFT}" x2="{frame.right}" y1="{y}" y2="{y}"/>'
        yield f'<text class="value" x="{LEFT - 8}" y="{y + 4}">{text}</text>'


def below(frame: Frame, ticks: Sequence[Tick]) -> Iterator[str]:
    """Draw the labels of the axis, each where it does not run into the one before."""
    free = 0.0
    for at, text in ticks:
        half = len(text) * _TICK_LETTER / 2.0
        x = min(frame.x(at), frame.width - half)
        if x - half >= free:
            free = x + half + _TICK_LETTER
            yield f'<text class="label" x="{x:.1f}" y="{frame.height - 7}">{escape(text)}</text>'
            place = frame.x(at)
            yield (
                f'<line class="tick" x1="{place}" x2="{place}" y1="{frame.bottom}" '
                f'y2="{frame.bottom + 5}"/>'
            )


def uprights(frame: Frame, moments: Sequence[float]) -> Iterator[str]:
    """Draw lines from top to bottom, such as midnights."""
    for at in moments:
        x = frame.x(at)
        yield f'<line class="night" x1="{x}" x2="{x}" y1="{frame.top}" y2="{frame.bottom}"/>'


def line(places: Sequence[Place]) -> str:
    """Draw a line through places; of one alone a short stroke."""
    if len(places) == 1:
        x, y = places[0]
        places = [(x - 1.0, y), (x + 1.0, y)]
    return f'<polyline points="{_points(places)}"/>'


def area(upper: Sequence[Place], lower: Sequence[Place]) -> str:
    """Fill what lies between two lines."""
    return f'<polygon points="{_points([*upper, *reversed(lower)])}"/>'


def _points(places: Sequence[Place]) -> str:
    return " ".join(f"{x:g},{y:g}" for x, y in places)


def marks(frame: Frame, found: Sequence[Mark]) -> Iterator[str]:
    """Draw marks, each named in the first line above the chart that has room for it."""
    free = [LEFT] * LANES
    for one in found:
        x = frame.x(one.begin)
        end = x if one.end is None else frame.x(one.end)
        until = "" if one.end is None else f' data-until="{one.end:g}"'
        names = f'data-name="{escape(one.name)}" data-short="{escape(one.short)}"'
        yield (
            f'<g class="mark" data-from="{one.begin:g}"{until} {names}>'
            f"<title>{escape(one.title)}</title>"
            f'<rect x="{x}" y="{frame.top}" width="{max(0.0, end - x):.1f}" '
            f'height="{frame.bottom - frame.top:g}"/>'
            f'<line x1="{x}" x2="{x}" y1="{LANE}" y2="{frame.bottom}"/>{_named(frame, one, free)}'
            "</g>"
        )


def _named(frame: Frame, mark: Mark, free: list[float]) -> str:
    for text in (mark.name, mark.short):
        width = len(text) * LETTER + 8.0
        at = min(frame.x(mark.begin), frame.right - width)
        for lane in range(LANES):
            if at >= free[lane]:
                free[lane] = at + width
                y = (lane + 1) * LANE - 3.0
                return f'<text x="{at + 3:.1f}" y="{y}">{escape(text)}</text>'
    return ""
