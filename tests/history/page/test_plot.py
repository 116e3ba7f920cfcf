"""The page of a series."""

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from iotmock.charts.page.palette import SHADES
from iotmock.cli import app
from tests.charts.parsed import parsed


def series(tmp_path: Path, *arguments: str) -> Path:
    path = tmp_path / "week.csv"
    result = CliRunner().invoke(app, ["generate", *arguments, "--output", str(path)])
    assert result.exit_code == 0
    return path


@pytest.mark.parametrize("profile", ["hvac", "lighting", "server", "industrial", "appliance"])
def test_a_page_stands_alone(tmp_path: Path, profile: str) -> None:
    path = series(tmp_path, "--profile", profile)
    assert CliRunner().invoke(app, ["plot", str(path)]).exit_code == 0
    page = parsed(path.with_suffix(".html"))
    assert page.names.count("figure") == 6
    assert page.names.count("polyline") >= 5
    assert page.loads == page.links == []
    assert {"power", "hours", "day", "voltage", "current", "energy"} <= set(page.places)


def test_generate_and_plot_draw_the_same(tmp_path: Path) -> None:
    direct = tmp_path / "direct.html"
    path = series(tmp_path, "--profile", "hvac", "--device-id", "week", "--plot", str(direct))
    again = tmp_path / "again.html"
    assert CliRunner().invoke(app, ["plot", str(path), "-o", str(again)]).exit_code == 0
    assert again.read_bytes() == direct.read_bytes()


def test_a_name_can_not_break_the_page(tmp_path: Path) -> None:
    usual, path = series(tmp_path, "--profile", "hvac"), tmp_path / "<script>&.csv"
    path.write_text(usual.read_text().replace("mock-hvac-001", "</script><script>&<!--"))
    for file in (usual, path):
        assert CliRunner().invoke(app, ["plot", str(file)]).exit_code == 0
    wicked = parsed(path.with_suffix(".html"))
    assert wicked.names == parsed(usual.with_suffix(".html")).names


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


def many(tmp_path: Path, count: int) -> Path:
    """Write two days of so many devices with powers 1, 2, 3 ... kW."""
    lines = ["timestamp,device_id,power,voltage,current,energy"]
    for hour in range(48):
        moment = f"2025-03-{29 + hour // 24}T{hour % 24:02d}:00:00+01:00"
        lines += [
            f"{moment},meter-{one},{one},{230 + one},{one * 2},{hour * one}"
            for one in range(1, count + 1)
        ]
    file = tmp_path / "many.csv"
    file.write_text("\n".join(lines))
    return file


def plotted(file: Path, *options: str) -> str:
    assert CliRunner().invoke(app, ["plot", str(file), *options]).exit_code == 0
    return file.with_suffix(".html").read_text(encoding="utf-8")


def test_a_page_has_the_name_of_its_device(tmp_path: Path) -> None:
    assert "<h1>meter-1</h1>" in plotted(many(tmp_path, 1))
    assert "<h1>many</h1>" in plotted(many(tmp_path, 2))


def test_a_few_devices_have_a_line_each(tmp_path: Path) -> None:
    page = plotted(many(tmp_path, 3))
    names = [f"meter-{one}" for one in (1, 2, 3)]
    assert all(f"</svg>{name}</span>" in page for name in names)
    heads = [f"{name}{end}" for name in names for end in (", lowest", "", ", highest")]
    assert ["at", *heads] in parsed(page).rows


def test_many_devices_are_shown_together_and_named_below(tmp_path: Path) -> None:
    page = parsed(plotted(many(tmp_path, 8)))
    assert ["at", "all together, lowest", "all together", "all together, highest"] in page.rows
    assert ["Sat 29 Mar 2025 00:00", "36", "36", "36"] in parsed(
        plotted(many(tmp_path, 8), "--timezone", "Europe/Berlin")
    ).rows
    assert ["meter-8", "8", "8", "48"] in page.rows
    assert page.rows.count(["meter-1", "1", "1", "48"]) == 1


def test_what_is_of_all_devices_together_says_so(tmp_path: Path) -> None:
    assert plotted(many(tmp_path, 3)).count("Of all devices together.") == 2
    assert "together" not in plotted(many(tmp_path, 1))


def test_colours_have_their_scale(tmp_path: Path) -> None:
    key = plotted(many(tmp_path, 3)).partition('class="shades"')[2].partition("</figcaption>")[0]
    assert key.count("<i ") == SHADES
    assert key.endswith(" 6 kW</span>")


def test_two_days_have_hours_and_a_line_at_local_midnight(tmp_path: Path) -> None:
    page = plotted(many(tmp_path, 1), "--timezone", "Europe/Berlin")
    labels = re.findall(r'class="label"[^>]*>([^<]*)<', page)
    assert {"06:00", "12:00", "18:00", "Sun 30 Mar"} <= set(labels)
    assert page.count('class="night"') == 3 * 4  # the change of clocks among them


def test_a_file_without_other_quantities_has_no_charts_of_them(tmp_path: Path) -> None:
    file = tmp_path / "bare.csv"
    file.write_text("timestamp,power\n2025-01-01T00:00:00Z,5\n2025-01-01T01:00:00Z,6\n")
    page = parsed(plotted(file))
    assert "power" in page.places
    assert not {"voltage", "current", "energy", "devices"} & set(page.places)
