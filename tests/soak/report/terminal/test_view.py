"""What is seen while a run goes on."""

import re
from io import StringIO

import msgspec
import pytest
from rich.console import Console

from iotmock.soak.report.criteria import Judgement
from iotmock.soak.report.measures import Event, Sample
from iotmock.soak.report.terminal.figures import figures
from iotmock.soak.report.terminal.screen import Course
from iotmock.soak.report.terminal.view import view
from iotmock.soak.report.verdict import judge
from tests.soak.runs import result, samples, scenario, troubled

NIGHT = Course("night", 300.0)
COLUMNS, LINES = 80, 24
_STYLE = re.compile("\x1b\\[([0-9;]*)m")


def console(*, terminal: bool, colours: str | None = None, **environment: str) -> Console:
    return Console(
        file=StringIO(),
        force_terminal=terminal,
        width=COLUMNS,
        height=LINES,
        color_system="truecolor" if colours else None,
        _environ={"TERM": "xterm-256color", **environment},
    )


def written(target: Console) -> str:
    assert isinstance(target.file, StringIO)
    return target.file.getvalue()


def test_without_a_terminal_there_is_a_line_every_ten_seconds() -> None:
    target = console(terminal=False)
    with view(NIGHT, target) as shown:
        for sample in samples(30):
            shown.show(sample)
    lines = written(target).splitlines()
    assert [line.split(" of ")[0] for line in lines] == ["1 s", "11 s", "21 s"]
    assert "msg/s due/sent/received 10/" in lines[1]
    assert "\x1b" not in written(target)


def test_an_event_is_a_line_at_once_and_as_it_is() -> None:
    target = console(terminal=False)
    text = "restart [red]x[/red] " + "long " * 40
    with view(NIGHT, target) as shown:
        shown.note(Event(t=61.0, kind="broker_command", text=text))
    assert written(target) == f"1 min 1 s: {text}\n"


def test_a_terminal_shows_figures_events_and_how_far_it_is() -> None:
    target = console(terminal=True)
    with view(Course("night [1]", 300.0), target) as shown:
        shown.note(Event(t=5.0, kind="pause", text="a pause [bold]"))
        shown.show(samples(150)[-1])
    text = written(target)
    for part in ("night [1]", "devices", "100", "2 min 30 s of 5 min", "a pause [bold]", "backlog"):
        assert part in text


def test_only_the_last_events_stay() -> None:
    target = console(terminal=True)
    with view(NIGHT, target) as shown:
        for number in range(9):
            shown.note(Event(t=float(number), kind="pause", text=f"event-{number}"))
        before = len(written(target))
        shown.show(samples(10)[-1])
    last = written(target)[before:]
    assert "event-8" in last
    assert "event-3" not in last


def test_the_terminal_is_left_in_order_when_a_run_fails() -> None:
    target = console(terminal=True)
    with pytest.raises(RuntimeError), view(NIGHT, target) as shown:  # noqa: PT012
        shown.show(samples(1)[-1])
        raise RuntimeError
    assert written(target).rstrip().endswith("\x1b[?25h")


def test_what_is_not_measured_is_a_dash() -> None:
    sample = msgspec.structs.replace(samples(1)[0], latency_p95_ms=None, generator_mb=1234.5)
    shown = dict(figures(sample))
    assert shown["latency p50/p95/p99 ms"] == "3.1/-/42.5"
    assert shown["memory generator/receiver MB"] == "1,234/40.0"


def test_a_run_that_takes_longer_than_planned_stays_full() -> None:
    target = console(terminal=True)
    with view(Course("night", 10.0), target) as shown:
        shown.show(samples(30)[-1])
    assert "30 s of 10 s" in written(target)


def last_picture(target: Console, course: Course, sample: Sample, *so_far: Judgement) -> list[str]:
    with view(course, target) as shown:
        shown.show(sample, so_far)
        text = written(target)
    return [line.rstrip() for line in _STYLE.sub("", text).splitlines()]


def test_what_comes_next_is_said_with_when() -> None:
    course = Course.of(
        scenario(
            phase=[{"kind": "pause", "at": 200, "duration": 20}],
            campaign=[{"at": 160, "command": "reboot", "commands": 5, "rate": 1}],
        )
    )
    assert "next, in 10 s: 5 x reboot" in last_picture(
        console(terminal=True), course, samples(150)[-1]
    )
    assert "next, in 30 s: pause" in last_picture(console(terminal=True), course, samples(170)[-1])
    late = last_picture(console(terminal=True), course, samples(290)[-1])
    assert "next, in 10 s: the end" in late
    over = last_picture(console(terminal=True), course, samples(301)[-1])
    assert "waiting for the last messages" in over


def test_thresholds_are_shown_with_what_is_measured_so_far() -> None:
    found = judge(troubled()).judgements
    text = "\n".join(last_picture(console(terminal=True), NIGHT, samples(150)[-1], *found))
    assert "over loss 0.6897 % of 0 %" in text
    assert "ok   late messages 0 % of 10 %" in text
    assert "over latency, p99 4,000 ms of 1,000 ms" in text


def test_all_of_it_fits_into_eighty_columns_and_twenty_four_lines() -> None:
    limits = dict.fromkeys(
        ("loss", "duplicates", "reordering", "late", "corrupted", "latency_p50_ms",
         "latency_p95_ms", "latency_p99_ms", "latency_max_ms"), 0.5,
    )  # fmt: skip
    found = [
        one
        for one in judge(result(scenario=scenario(thresholds=limits))).judgements
        if one.name in limits
    ]
    assert len(found) == len(limits)
    target = console(terminal=True)
    with view(Course("night", 300.0, [(299.0, "a long name " * 20)]), target) as shown:
        for number in range(6):
            shown.note(Event(t=float(number), kind="pause", text="long words " * 20))
        before = len(written(target))
        shown.show(samples(150)[-1], found)
        lines = _STYLE.sub("", written(target)[before:]).splitlines()
    assert len(lines) <= LINES
    assert max(len(line.strip("\x1b[K\r")) for line in lines) <= COLUMNS + 20  # and of moves
    assert sum("long words" in line for line in lines) == 5


def test_many_phases_at_once_leave_the_names_of_figures_whole() -> None:
    phases = "half of the roofs are stuck, ring road dark, set power, everyone comes back"
    sample = msgspec.structs.replace(samples(150)[-1], phase=phases)
    shown = last_picture(console(terminal=True), NIGHT, sample)
    assert any(line.startswith("memory generator/receiver MB  ") for line in shown)
    assert any(line.startswith("phase") and line.endswith("…") for line in shown)


def test_a_good_run_has_nothing_that_looks_like_an_error() -> None:
    target = console(terminal=True, colours="truecolor")
    found = judge(result()).judgements
    with view(NIGHT, target) as shown:
        shown.show(samples(150)[-1], found)
    styles = {part for style in _STYLE.findall(written(target)) for part in style.split(";")}
    assert "36" in styles  # cyan: there are colours
    assert not styles & {"31", "91", "35", "95", "38"}  # red, magenta, and any of its own


def test_loss_is_red() -> None:
    target = console(terminal=True, colours="truecolor")
    with view(NIGHT, target) as shown:
        shown.show(msgspec.structs.replace(samples(150)[-1], lost=3))
    assert re.search("\x1b\\[1;31m3 *\x1b\\[0m", written(target))


def test_without_colours_there_are_words() -> None:
    target = console(terminal=True, colours="truecolor", NO_COLOR="1")
    with view(NIGHT, target) as shown:
        shown.show(samples(150)[-1], judge(troubled()).judgements)
    styles = {part for style in _STYLE.findall(written(target)) for part in style.split(";")}
    assert not [style for style in styles if style and 30 <= int(style) <= 49]
    assert "over" in written(target)


def test_a_terminal_that_can_not_move_the_cursor_gets_lines() -> None:
    target = console(terminal=True, TERM="dumb")
    with view(NIGHT, target) as shown:
        shown.show(samples(1)[-1])
    assert written(target).startswith("1 s of 5 min")
