"""What happened is said once, by one line each, and summed up where there is much of it."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import trio
from structlog.testing import capture_logs
from trio.testing import MockClock

from iotmock.actors.journal import SAID_AT_ONCE, Journal

pytestmark = pytest.mark.trio


@contextmanager
def said(level: int = logging.INFO) -> Iterator[list[Any]]:
    root = logging.getLogger()
    before = root.level
    root.setLevel(level)
    try:
        with capture_logs() as lines:
            yield lines
    finally:
        root.setLevel(before)


async def test_few_events_are_a_line_each(autojump_clock: MockClock) -> None:
    with said() as lines:
        journal = Journal()
        for number in range(20):
            journal.note("a device was created", device=f"d{number}", by="10.0.0.1")
            await trio.sleep(1)
    assert [line["device"] for line in lines] == [f"d{number}" for number in range(20)]
    assert {line["log_level"] for line in lines} == {"info"}


async def test_a_flood_is_summed_up_and_none_is_lost(autojump_clock: MockClock) -> None:
    with said() as lines:
        async with trio.open_nursery() as nursery:
            journal = Journal()
            nursery.start_soon(journal.run)
            for _ in range(60_000):
                journal.note("a command was carried out", device="d")
                await trio.sleep(0.001)
            nursery.cancel_scope.cancel()
    assert sum(line.get("times", 1) for line in lines) == 60_000
    assert SAID_AT_ONCE < len(lines) <= SAID_AT_ONCE + 8


async def test_after_a_flood_single_events_are_said_at_once_again(
    autojump_clock: MockClock,
) -> None:
    with said() as lines:
        async with trio.open_nursery() as nursery:
            journal = Journal()
            nursery.start_soon(journal.run)
            for _ in range(100):
                journal.note("a command was carried out", device="d")
            await trio.sleep(10)
            assert sum(line.get("times", 1) for line in lines) == 100
            journal.note("a command was carried out", device="e")
            assert lines[-1]["device"] == "e"
            assert "times" not in lines[-1]
            nursery.cancel_scope.cancel()


async def test_one_kind_does_not_hold_back_another(autojump_clock: MockClock) -> None:
    with said() as lines:
        journal = Journal()
        for _ in range(100):
            journal.note("a command was carried out")
        journal.note("a device was deleted", device="d")
    assert lines[-1]["device"] == "d"


async def test_what_peers_sent_is_short_and_one_line(autojump_clock: MockClock) -> None:
    with said() as lines:
        Journal().note("a command was refused", reason="x\n\x1b[2J" + "y" * 1_000, device=None)
    (line,) = lines
    assert line["reason"] == "x??[2J" + "y" * 194
    assert "device" not in line


async def test_below_info_nothing_is_said(autojump_clock: MockClock) -> None:
    with said(logging.WARNING) as lines:
        Journal().note("a device was created", device="d")
    assert lines == []
