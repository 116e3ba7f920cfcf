"""Two runs beside each other."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from iotmock.cli.commands.soak import app
from iotmock.soak.report.compare import Comparison
from iotmock.soak.report.html.comparison import comparison_page
from iotmock.soak.report.measures import Latencies
from iotmock.soak.report.report import report_on, write_report
from tests.charts.parsed import Balance, parsed
from tests.soak.runs import result, samples, scenario, times, totals


def compared(**changes: Any) -> Comparison:
    return Comparison(report_on(result()), report_on(result(**changes)))


def lines(comparison: Comparison, word: str, tolerance: float = 0.1) -> list[str]:
    """Return the figures that have a word."""
    *figures, _ = comparison.lines(tolerance)
    return [line.split("  ")[0] for line in figures if f" {word}" in line]


def latencies(p99_ms: float) -> Latencies:
    return Latencies(received=times(p99_ms), acknowledged=times(30.0), lateness=times(5.0))


def test_the_same_run_is_not_worse() -> None:
    same = compared()
    assert same.worse(0.0) == 0
    assert lines(same, "worse") == []


def test_what_got_worse_is_named() -> None:
    worse = compared(latencies=latencies(80.0), totals=totals(lost=3, received=2_897))
    assert lines(worse, "worse") == [
        "verdict", "loss", "latency, p50", "latency, p95", "latency, p99", "latency, maximum",
    ]  # fmt: skip
    assert worse.worse(0.1) == 6


def test_what_got_better_is_named_and_is_not_worse() -> None:
    better = compared(latencies=latencies(8.0))
    assert lines(better, "better") == [
        "latency, p50", "latency, p95", "latency, p99", "latency, maximum",
    ]  # fmt: skip
    assert better.worse(0.0) == 0


def test_tolerance_is_of_what_it_was() -> None:
    slower = compared(latencies=latencies(50.0))
    assert lines(slower, "worse", 0.25) == []
    assert "latency, p99" in lines(slower, "worse", 0.1)


def test_a_millisecond_is_noise() -> None:
    assert compared(latencies=latencies(40.3)).worse(0.0) == 0


def test_fewer_messages_are_worse() -> None:
    assert "received a second" in lines(compared(totals=totals(received=1_000)), "worse")
    more = totals(received=4_000, sent=4_000, due=4_000)
    assert compared(totals=more).worse(0.1) == 0


def test_loss_has_no_tolerance_when_there_was_none() -> None:
    assert "loss" in lines(compared(totals=totals(lost=1)), "worse", 1.0)


def test_what_was_not_measured_in_both_is_not_judged() -> None:
    before = report_on(result(samples=samples(5)))
    after = report_on(result(samples=samples(300, growth_mb=50.0)))
    assert "growth of memory" not in lines(Comparison(before, after), "worse")
    assert any("not measured -> " in line for line in Comparison(before, after).lines(0.1))


def test_another_scenario_is_said_to_be_one() -> None:
    other = compared(scenario=scenario(load={"duration": 300, "interval": 5}))
    assert any("the scenarios differ" in line for line in other.lines(0.1))
    limits = compared(scenario=scenario(thresholds={"loss": 1}, name="other"))
    assert not any("the scenarios differ" in line for line in limits.lines(0.1))


def run(*arguments: str | Path) -> tuple[int, str, str]:
    done = CliRunner().invoke(app, ["compare", *map(str, arguments)])
    return done.exit_code, done.stdout, done.stderr


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    good, bad = tmp_path / "good", tmp_path / "bad"
    write_report(report_on(result()), good)
    write_report(report_on(result(latencies=latencies(60.0))), bad)
    return good, bad


def test_the_command_says_what_got_worse_by_its_exit_code(folders: tuple[Path, Path]) -> None:
    good, bad = folders
    assert run(good, good)[0] == 0
    code, output, _ = run(good, bad / "report.json")
    assert code == 1
    assert "latency, p99" in output
    assert output.endswith("4 got worse by more than 10 %\n")
    assert run(good, bad, "--tolerance", "60%")[0] == 0
    assert run(bad, good)[0] == 0


def test_json_has_every_figure_and_how_many_are_worse(folders: tuple[Path, Path]) -> None:
    code, output, error = run(*folders, "--json")
    said = json.loads(output)
    assert (code, error) == (1, "")
    worse = {one["figure"] for one in said["figures"] if one["worse"]}
    assert said["worse"] == len(worse) + said["verdict"]["worse"] == 4
    (p99,) = [one for one in said["figures"] if one["figure"] == "latency, p99"]
    assert p99["unit"] == "ms"
    assert p99["after"] > p99["before"]
    assert said["same_scenario"]
    assert said["page"] is None


@pytest.mark.parametrize("tolerance", ["much", "-1", "nan", "1000000%"])
def test_a_tolerance_is_a_share(folders: tuple[Path, Path], tolerance: str) -> None:
    code, _, error = run(*folders, "--tolerance", tolerance)
    assert code == 2
    assert error.startswith("--tolerance: must be a number from 0 to 100, or a text")


def test_a_file_that_is_not_there_is_one_line(tmp_path: Path) -> None:
    code, _, error = run(tmp_path / "none.json", tmp_path / "none.json")
    assert (code, error) == (
        2,
        f"{tmp_path / 'none.json'}: there is no such file; check the path\n",
    )


def page_of(comparison: Comparison, tolerance: float = 0.1) -> Balance:
    return parsed(comparison_page(comparison, tolerance))


def test_the_page_has_every_figure_and_both_runs_in_each_chart() -> None:
    worse = compared(latencies=latencies(80.0))
    page = page_of(worse)
    for change in worse.changes():
        (row,) = [row for row in page.rows if row[0] == change.title]
        assert row[3] == change.word(0.1)
    assert ["latency, p99", "40 ms", "80 ms", "worse (+100%)"] in page.rows
    assert page.rows.count(["until", "before", "after"]) == page.names.count("figure")
    assert {"messages-received", "latency-p99", "memory-generator", "backlog"} <= set(page.places)
    assert page.loads == []


def test_what_a_chart_says_of_itself_is_said_once() -> None:
    assert comparison_page(compared(), 0.1).count("What the broker sees") == 1


def test_the_page_says_what_ran_where() -> None:
    page = page_of(compared(version="9.9.9"))
    assert ["generator", "iotmock 1.2.3", "iotmock 9.9.9"] in page.rows


def test_runs_of_different_lengths_have_one_axis() -> None:
    page = page_of(compared(samples=samples(100), duration_s=100.0))
    rows = page.rows[page.rows.index(["until", "before", "after"]) + 1 :]
    assert rows[0][1:] != ["-", "-"]
    assert rows[47][0] == "5 min"
    assert rows[47][2] == "-"


def test_a_run_without_samples_has_figures_alone() -> None:
    page = page_of(compared(samples=[]))
    assert page.names.count("figure") == 0
    assert any(row[0] == "loss" for row in page.rows)


def test_the_command_writes_the_page(folders: tuple[Path, Path], tmp_path: Path) -> None:
    file = tmp_path / "compare.html"
    code, output, error = run(*folders, "-o", file)
    assert (code, error) == (1, f"wrote {file}\n")
    assert output.endswith("4 got worse by more than 10 %\n")
    assert parsed(file).names.count("figure") == 13


def test_json_names_the_page_that_was_written(folders: tuple[Path, Path], tmp_path: Path) -> None:
    file = tmp_path / "compare.html"
    _, output, _ = run(*folders, "--json", "-o", file)
    assert json.loads(output)["page"] == str(file)
    assert file.is_file()


def test_a_page_that_can_not_be_written_is_one_line(folders: tuple[Path, Path]) -> None:
    code, _, error = run(*folders, "-o", "/nowhere/compare.html")
    assert code == 2
    assert error.count("\n") == 1
    assert "/nowhere" in error
