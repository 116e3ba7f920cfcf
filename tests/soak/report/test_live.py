"""What is seen while a run goes on."""

from io import StringIO

import msgspec
import pytest
from rich.console import Console

from iotmock.soak.report.live import figures, view
from iotmock.soak.report.measures import Event
from tests.soak.runs import samples


def console(*, terminal: bool) -> Console:
    return Console(file=StringIO(), force_terminal=terminal, width=90, color_system=None)


def written(target: Console) -> str:
    assert isinstance(target.file, StringIO)
    return target.file.getvalue()


def test_without_a_terminal_there_is_a_line_every_ten_seconds() -> None:
    target = console(terminal=False)
    with view("night", 300.0, target) as shown:
        for sample in samples(30):
            shown.show(sample)
    lines = written(target).splitlines()
    assert [line.split(" of ")[0] for line in lines] == ["1 s", "11 s", "21 s"]
    assert "msg/s due/sent/received 10/" in lines[1]
    assert "\x1b" not in written(target)


def test_an_event_is_a_line_at_once_and_as_it_is() -> None:
    target = console(terminal=False)
    text = "restart [red]x[/red] " + "long " * 40
    with view("night", 300.0, target) as shown:
        shown.note(Event(t=61.0, kind="broker_command", text=text))
    assert written(target) == f"1 min 1 s: {text}\n"


def test_a_terminal_shows_figures_events_and_how_far_it_is() -> None:
    target = console(terminal=True)
    with view("night [1]", 300.0, target) as shown:
        shown.note(Event(t=5.0, kind="pause", text="a pause [bold]"))
        shown.show(samples(150)[-1])
    text = written(target)
    for part in ("night [1]", "devices", "100", "2 min 30 s of 5 min", "a pause [bold]", "backlog"):
        assert part in text


def test_only_the_last_events_stay() -> None:
    target = console(terminal=True)
    with view("night", 300.0, target) as shown:
        for number in range(9):
            shown.note(Event(t=float(number), kind="pause", text=f"event-{number}"))
        before = len(written(target))
        shown.show(samples(10)[-1])
    last = written(target)[before:]
    assert "event-8" in last
    assert "event-3" not in last


def test_the_terminal_is_left_in_order_when_a_run_fails() -> None:
    target = console(terminal=True)
    with pytest.raises(RuntimeError), view("night", 300.0, target) as shown:  # noqa: PT012
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
    with view("night", 10.0, target) as shown:
        shown.show(samples(30)[-1])
    assert "30 s of 10 s" in written(target)
