"""Colours that one can read, by the formula."""

import re
from itertools import pairwise

import pytest

from iotmock.charts.page.assets import style
from iotmock.charts.page.palette import DARK, DASHES, LIGHT, LINES, SHADES, Palette, colours
from tests.contrast import contrast, mixed, rgb

PALETTES = pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
TEXT, GRAPHICS = 4.5, 3.0


def test_the_formula_gives_what_is_known() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21.0)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.478, abs=1e-3)


@PALETTES
def test_text_can_be_read(palette: Palette) -> None:
    for text in (palette.ink, palette.soft, palette.good, palette.bad, palette.doubt):
        for behind in (palette.page, palette.card):
            assert contrast(text, behind) >= TEXT, (text, behind)
    assert contrast(palette.lines[0], palette.card) >= TEXT  # of links


@PALETTES
def test_lines_can_be_seen(palette: Palette) -> None:
    for line in (*palette.lines, palette.limit, palette.edge):
        assert contrast(line, palette.card) >= GRAPHICS, line


@PALETTES
def test_lines_can_be_seen_before_three_phases_at_once(palette: Palette) -> None:
    (share,) = re.findall(r"\.mark rect \{[^}]*opacity: (\.\d+)", style())
    edge, behind = rgb(palette.edge), palette.card
    for _ in range(3):
        behind = mixed(behind, edge, float(share))
    for line in (*palette.lines, palette.limit):
        assert contrast(line, behind) >= GRAPHICS, (line, behind)


@PALETTES
def test_shades_grow_away_from_the_card(palette: Palette) -> None:
    steps = [contrast(shade, palette.card) for shade in palette.shades]
    assert all(lighter < darker for lighter, darker in pairwise(steps))


@PALETTES
def test_no_two_lines_are_the_same(palette: Palette) -> None:
    assert len(set(palette.lines)) == LINES
    assert len(palette.shades) == SHADES


def test_lines_differ_without_colours_too() -> None:
    assert len(set(DASHES)) == len(DASHES) == LINES
    assert colours().count("stroke-dasharray") == LINES - 1
