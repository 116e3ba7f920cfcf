"""The page of a series."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from typer.testing import CliRunner

from iotmock.cli import app
from iotmock.history.page.svg import ticks


class Balance(HTMLParser):
    """Counts what opens and closes, and collects what a page would load."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.names: list[str] = []
        self.loads: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.append(tag)
        self.loads += [value or "" for name, value in attrs if name in {"src", "href"}]
        if tag != "meta":
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def series(tmp_path: Path, *arguments: str) -> Path:
    path = tmp_path / "week.csv"
    result = CliRunner().invoke(app, ["generate", *arguments, "--output", str(path)])
    assert result.exit_code == 0
    return path


def parsed(page: Path) -> Balance:
    balance = Balance()
    balance.feed(page.read_text(encoding="utf-8"))
    assert not balance.open
    return balance


@pytest.mark.parametrize("profile", ["hvac", "lighting", "server", "industrial", "appliance"])
def test_a_page_stands_alone(tmp_path: Path, profile: str) -> None:
    path = series(tmp_path, "--profile", profile)
    assert CliRunner().invoke(app, ["plot", str(path)]).exit_code == 0
    page = parsed(path.with_suffix(".html"))
    assert page.names.count("svg") == 4
    assert page.names.count("rect") == 7 * 24
    assert page.loads == []
    assert "script" not in page.names


def test_generate_and_plot_draw_the_same(tmp_path: Path) -> None:
    direct = tmp_path / "direct.html"
    path = series(tmp_path, "--profile", "hvac", "--device-id", "week", "--plot", str(direct))
    again = tmp_path / "again.html"
    assert CliRunner().invoke(app, ["plot", str(path), "-o", str(again)]).exit_code == 0
    assert again.read_bytes() == direct.read_bytes()


def test_a_name_can_not_break_the_page(tmp_path: Path) -> None:
    path = tmp_path / "<script>&.csv"
    series(tmp_path, "--profile", "hvac").rename(path)
    assert CliRunner().invoke(app, ["plot", str(path)]).exit_code == 0
    assert "script" not in parsed(path.with_suffix(".html")).names


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "must have the columns timestamp and power"),
        ("time,kw\n1,2\n", "must have the columns timestamp and power"),
        ("timestamp,power\n", "has fewer than two readings"),
        ("timestamp,power\n2025-01-01T00:00:00Z,5\nyesterday,5\n", "line 3 is no reading"),
        ("timestamp,power\n2025-01-01T00:00:00Z\n", "line 2 is no reading"),
        ("timestamp,power\n2025-01-01T00:00:00Z,inf\n", "line 2 is no reading"),
        (
            "timestamp,power\n2025-01-02T00:00:00Z,5\n2025-01-01T00:00:00Z,5\n",
            "line 3 is not later than the one before",
        ),
    ],
)
def test_what_is_no_series_is_answered_with_one_line(
    tmp_path: Path, text: str, reason: str
) -> None:
    path = tmp_path / "bad.csv"
    path.write_text(text, encoding="utf-8")
    result = CliRunner().invoke(app, ["plot", str(path)])
    assert result.exit_code == 2
    assert result.stderr.startswith(f"iotmock plot: {path}: {reason}")
    assert result.stderr.count("\n") == 1


def test_a_file_of_bytes_is_answered_with_one_line(tmp_path: Path) -> None:
    path = tmp_path / "bad.csv"
    path.write_bytes(b"\xff\xfe\x00")
    result = CliRunner().invoke(app, ["plot", str(path)])
    assert result.exit_code == 2
    assert re.fullmatch(r"iotmock plot: .*bad.csv: is no CSV file .*\n", result.stderr)


@pytest.mark.parametrize(
    ("low", "high", "values"),
    [
        (0.0, 24.3, [0.0, 5.0, 10.0, 15.0, 20.0]),
        (229.0, 246.0, [230.0, 235.0, 240.0, 245.0]),
        (0.0, 0.0, [0.0]),
    ],
)
def test_grid_lines_are_round(low: float, high: float, values: list[float]) -> None:
    assert ticks(low, high) == values
