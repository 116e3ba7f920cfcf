"""A verdict for a terminal of 80 columns."""

from collections.abc import Iterator
from textwrap import wrap

from iotmock.judge.verdict.advice import advice
from iotmock.judge.verdict.comparison import USUAL_OUTSIDE, Comparison, Range, Side
from iotmock.judge.verdict.meanings import meaning
from iotmock.judge.verdict.notes import notes
from iotmock.judge.verdict.verdict import Verdict
from iotmock.model.numbers.plain_number import figure

WIDTH = 80
_MOST = 6
_PROFILES = 4


def text(verdict: Verdict) -> Iterator[str]:
    """Yield the lines."""
    comparison = verdict.comparison
    yield from _filled(heading(verdict))
    yield ""
    yield from _figures(comparison)
    yield from _section("what gives it away", _away(comparison))
    yield from _section("nearest profiles", _profiles(verdict))
    yield from _section("what to set", advice(verdict))
    yield from _section("what was met", notes(verdict))
    yield ""
    yield from _table(comparison)


def heading(verdict: Verdict) -> str:
    """Return what stands beside what."""
    series, cut = verdict.series, verdict.series.cut
    devices = len(series.devices)
    whose = "1 device" if devices == 1 else f"{devices:,} devices"
    return (
        f"{len(series.pieces):,} real {cut}s of {whose} beside "
        f"{len(verdict.comparison.simulated):,} simulated ones of {verdict.profile}, "
        f"in steps of {series.step_s:g} s"
    )


def figures(comparison: Comparison) -> Iterator[tuple[str, str, str]]:
    """Yield what is measured of all features together: name, value, what it says."""
    yield (
        "distance",
        figure(comparison.distance, 3),
        "to the nearest real one; 1 is as near as another real one",
    )
    yield (
        "outside",
        f"{comparison.outside:.0%}",
        f"of the usual one's features; {USUAL_OUTSIDE:.0%} of a real one's are",
    )
    yield "spread", f"{comparison.spread:.2f}", "1 is as varied as real ones; clones have 0"


def _figures(comparison: Comparison) -> Iterator[str]:
    for name, value, says in figures(comparison):
        yield f"{name:<9} {value:>6}  {says}"


def _section(title: str, lines: Iterator[str]) -> Iterator[str]:
    if found := list(lines):
        yield ""
        yield title
        for line in found:
            yield from _filled(line, "  ")


def _filled(line: str, indent: str = "") -> Iterator[str]:
    if line.startswith(" "):
        yield line
        return
    yield from wrap(
        line, WIDTH, initial_indent=indent, subsequent_indent=indent + "  ", break_long_words=False
    )


def _away(comparison: Comparison) -> Iterator[str]:
    found = comparison.giving_away
    for side in found[:_MOST]:
        yield f"{side.name}: {meaning(side.name)}"
        yield f"    real {_range(side.real)}   simulated {_range(side.simulated)}"
    if len(found) > _MOST:
        yield f"and {len(found) - _MOST} more, with a * below"
    if not found:
        yield "nothing alone"


def _range(values: Range) -> str:
    return " .. ".join(figure(one, 3) for one in (values.p5, values.p50, values.p95))


def _profiles(verdict: Verdict) -> Iterator[str]:
    for name, distance in verdict.ranking[:_PROFILES]:
        yield f"{name:<24} {figure(distance, 3):>6}"


def _table(comparison: Comparison) -> Iterator[str]:
    yield f"{'feature':<14}{'real':>10}{'simulated':>30}"
    yield f"{'':<14}" + "".join(f"{head:>10}" for head in ("p5", "p50", "p95") * 2)
    for side in comparison.sides:
        yield _row(side)


def _row(side: Side) -> str:
    values = (side.real, side.simulated)
    cells = [figure(one, 3) for some in values for one in (some.p5, some.p50, some.p95)]
    mark = " *" if side.gives_away else ""
    return f"{side.name:<14}{''.join(f'{cell:>10}' for cell in cells)}{mark}"
