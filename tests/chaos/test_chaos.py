"""A short run of `make chaos`: the runner works, and what must hold holds for some seconds."""

import json
from pathlib import Path

import pytest
import trio
from trio.testing import MockClock

from iotmock.mqtt import Message
from iotmock.verification.stamp import Numbering, Stamper
from tests.chaos.rest_load import Book
from tests.chaos.roster import Roster
from tests.chaos.run import everything_at_once
from tests.chaos.small_disk import SmallDisk
from tests.chaos.verdict import Verdict
from tests.chaos.watch import EnergyWatch

pytestmark = pytest.mark.long(40)


def test_some_seconds_of_everything_at_once(tmp_path: Path) -> None:
    verdict = everything_at_once(tmp_path, 12.0)
    assert not verdict.wrong, verdict.line


# It can fail


def reading(
    numbering: Numbering, energy: float, device: str = "a", key: bytes = b"device_id"
) -> Message:
    payload = json.dumps({"device_id": device, "energy": energy}).encode()
    stamped = Stamper("run").with_field(numbering.stamp(device, 0.0), payload)
    return Message(f"energy/devices/{device}/data", stamped.replace(b"device_id", key), 1)


def test_energy_that_falls_is_seen_and_what_comes_again_is_not_taken_for_it() -> None:
    watch, numbering = EnergyWatch(0), Numbering()
    first, second = reading(numbering, 1.0), reading(numbering, 2.0)
    for message in (first, second, first, second):
        watch.take(message)
    assert (watch.watched, watch.again, watch.fallen(set())) == (4, 2, [])
    watch.take(reading(numbering, 1.5))
    assert watch.fallen(set()) == ["a: 2.0 kWh (2) to 1.5 kWh (3)"]
    assert watch.fallen({"a"}) == []


@pytest.mark.trio
async def test_what_came_before_the_last_act_is_no_sign_of_life(autojump_clock: MockClock) -> None:
    watch, numbering, verdict = EnergyWatch(0), Numbering(), Verdict()
    watch.take(reading(numbering, 1.0))
    with trio.move_on_after(60.0):
        await watch.hear_again()
    verdict.of_energy(watch, set())
    assert verdict.wrong == ["no reading came after the last act"]
    watch.take(reading(numbering, 1.0))
    assert watch.heard.is_set()


def test_what_was_damaged_on_the_way_is_no_evidence() -> None:
    watch, numbering = EnergyWatch(0), Numbering()
    whole = reading(numbering, 2.0)
    watch.take(reading(numbering, 1.0, key=b"device_ie"))
    watch.take(Message("energy/devices/b/data", whole.payload, 1))
    watch.take(Message("energy/devices/a/data", b"\xff", 1))
    assert (watch.watched, watch.damaged) == (0, 3)


def test_a_roster_that_differs_is_seen() -> None:
    book = Book(SmallDisk(Path(), is_real=False), there={"a", "b"}, gone={"c"}, unsure={"d"})
    found = Roster(frozenset("ac"))
    assert found.against(book) == ["b was created and is not there", "c was deleted and is there"]
    later = Roster(frozenset("ad"))
    assert found.against_next(later) == [
        "c is not in the next life",
        "d is in the next life and not in REST",
    ]


def test_a_verdict_fails_by_memory_log_and_end() -> None:
    verdict = Verdict()
    verdict.of_memory((100.0, 104.9))
    verdict.of_log("line\n" * 100, 100.0)
    verdict.of_end(0, 7.9, 8.0)
    assert not verdict.wrong
    assert verdict.line.startswith("chaos PASSED: memory 100.0 to 104.9 MB (+4.9%)")
    verdict.of_memory((100.0, 105.1))
    verdict.of_log("line\n" * 200 + "Traceback (most recent call last):\n", 100.0)
    verdict.of_end(-9, 1.0, 8.0)
    assert len(verdict.wrong) == 4
    assert verdict.line.startswith("chaos FAILED")
