"""One line a minute for one kind of complaint, and none unsaid."""

import io
import logging
from typing import Any

from attrs import define, field

from iotmock.log.limit import LimitedHandler


@define
class Log:
    """A handler with a clock that stands until it is moved."""

    now: float = 0.0
    stream: io.StringIO = field(factory=io.StringIO)
    handler: LimitedHandler = field(init=False)

    def __attrs_post_init__(self) -> None:
        self.handler = LimitedHandler(self.stream, lambda: self.now)

    def say(self, event: str, level: int = logging.WARNING, **facts: Any) -> None:
        message: Any = {"event": event, **facts}
        self.handler.handle(logging.makeLogRecord({"name": "x", "levelno": level, "msg": message}))

    @property
    def lines(self) -> list[str]:
        return self.stream.getvalue().splitlines()


def test_a_kind_is_said_once_a_minute_whatever_ids_are_in_it() -> None:
    log = Log()
    for number in range(1_000):
        log.say("not sent", device=f"d{number}")
    assert log.lines == ["{'event': 'not sent', 'device': 'd0'}"]


def test_what_was_held_back_is_said_when_the_minute_is_over_with_its_number() -> None:
    log = Log()
    for number in range(4):
        log.say("not sent", device=f"d{number}")
    log.now = 61.0
    log.handler.say_held()
    assert log.lines[1:] == ["{'event': 'not sent', 'device': 'd3', 'times': 3}"]


def test_nothing_is_said_twice() -> None:
    log = Log()
    log.say("not sent")
    log.now = 61.0
    log.handler.say_held()
    log.handler.close()
    assert len(log.lines) == 1


def test_a_kind_of_its_own_waits_for_no_other() -> None:
    log = Log()
    log.say("no connection", kind="refused")
    log.say("no connection", kind="no answer")
    log.say("not sent")
    assert len(log.lines) == 3


def test_what_is_no_complaint_is_always_said() -> None:
    log = Log()
    for _ in range(3):
        log.say("created", logging.INFO)
    assert len(log.lines) == 3


def test_the_end_says_what_is_held_back() -> None:
    log = Log()
    for _ in range(3):
        log.say("not sent")
    log.handler.close()
    assert log.lines[1:] == ["{'event': 'not sent', 'times': 2}"]


def test_a_library_that_writes_ids_into_its_texts_fills_neither_log_nor_memory() -> None:
    log = Log()
    for number in range(10_000):
        log.handler.handle(
            logging.makeLogRecord({"name": "lib", "levelno": logging.ERROR, "msg": f"id {number}"})
        )
    assert len(log.lines) < 300
