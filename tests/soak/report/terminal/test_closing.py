"""How a run ended, as the terminal says it."""

from io import StringIO
from pathlib import Path

from rich.console import Console

from iotmock.soak.report.measures import Worker
from iotmock.soak.report.report import report_on
from iotmock.soak.report.terminal.closing import closing_lines, say_reports, say_verdict
from tests.soak.runs import result, totals, troubled


def said(*, terminal: bool, **environment: str) -> str:
    target = StringIO()
    console = Console(
        file=target,
        force_terminal=terminal,
        color_system="truecolor" if terminal else None,
        width=80,
        _environ={"TERM": "xterm-256color", **environment},
    )
    say_verdict(console, report_on(troubled()))
    say_reports(console, [Path("night/report.html"), Path("night/report.json")])
    return target.getvalue()


def test_the_verdict_has_each_threshold_with_its_figure() -> None:
    lines = list(closing_lines(report_on(troubled())))
    assert lines[0] == "FAILED"
    assert "  broken loss: 0.6897 % (20), at most 0 %" in lines
    assert "  kept   late messages: 0 %, at most 10 %" in lines


def test_what_proves_nothing_says_why() -> None:
    died = result(workers=[Worker(number=0, devices=100, state="died")], totals=totals(lost=1))
    lines = list(closing_lines(report_on(died)))
    assert lines[0] == "INVALID"
    assert "  worker 0 died with 100 devices" in lines


def test_where_there_is_no_terminal_it_is_plain_and_not_broken() -> None:
    text = said(terminal=False)
    assert "\x1b" not in text
    assert text.splitlines()[-2:] == ["  night/report.html", "  beside it: report.json"]


def test_a_terminal_has_colours_and_a_link_to_the_report() -> None:
    text = said(terminal=True)
    assert "\x1b[1;31mFAILED\x1b[0m" in text
    assert f"{Path('night/report.html').absolute().as_uri()}\x1b\\night/report.html" in text


def test_no_colours_are_respected() -> None:
    assert "\x1b[1;31m" not in said(terminal=True, NO_COLOR="1")
