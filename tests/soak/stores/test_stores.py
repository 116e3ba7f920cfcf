"""What a real platform has stored in a real database, beside what was sent over a real broker."""

import sqlite3
from pathlib import Path
from typing import Any

import msgspec
import pytest
import trio
from attrs import define, field

from iotmock.actors.messages import Kind, Outgoing
from iotmock.model.timestamp import rfc3339
from iotmock.soak.report.measures import StoreCheck
from iotmock.soak.scenario.expectations import Verify
from iotmock.soak.stores.sent import SentOverTime
from iotmock.soak.stores.stores import check_stores
from tests.mosquitto import Mosquitto
from tests.patience import within
from tests.soak.receiver.running import Sender
from tests.soak.stores.asked import BEGIN, COUNTED, at, influx_1, influx_2, sqlite
from tests.soak.stores.influx2 import running_influx2
from tests.soak.stores.influxd import Influxd
from tests.soak.stores.ingestion import running_ingestion

pytestmark = pytest.mark.trio
READINGS = 60
DEVICES = ["soak-roof-000001", "soak-roof-000002", "soak-floor-000001"]


@define(eq=False)
class Fleet(Sender):
    """Sends readings with timestamps, one a second, and notes what it sent over time."""

    over_time: SentOverTime = field(factory=SentOverTime)

    def _message(self, device: str, due: Any, mark: str) -> Outgoing:
        moment = BEGIN + self.counts.get(device, 0)
        self.over_time.note(int(moment - BEGIN), moment, self.counts)
        reading = {"device_id": device, "timestamp": rfc3339(moment), "power": 1.5}
        stamp = self.numbering.stamp(device, moment, mark)
        return Outgoing(Kind.DATA, device, msgspec.json.encode(reading), stamp=stamp)

    async def check(self, verify: Verify) -> StoreCheck:
        (check,) = await check_stores(
            verify,
            self.counts,
            BEGIN,
            BEGIN + READINGS,
            spoiled=self.numbering.marked,
            moments=self.over_time,
        )
        return check


async def test_a_platform_that_stores_all_has_all(broker: Mosquitto, database: Influxd) -> None:
    fleet = Fleet(broker.port)
    async with running_ingestion(broker.port, database.url):
        await fleet.send(DEVICES * READINGS)
        check = await fleet.check(influx_1(database))
    assert (check.devices, check.expected, check.found) == (3, 180, 180)
    assert (check.missing, check.surplus, check.error, check.worst) == (0, 0, None, [])


async def test_a_skipped_point_is_found_by_device_and_time_in_influxdb(
    broker: Mosquitto, database: Influxd
) -> None:
    fleet = Fleet(broker.port)
    skipped = f"{DEVICES[1]}@{at(37)}"
    async with running_ingestion(broker.port, database.url, skipped) as platform:
        await fleet.send(DEVICES * READINGS)
        await stored(platform)
    check = await fleet.check(influx_1(database, wait=0.0))
    assert (check.expected, check.found, check.missing) == (180, 179, 1)
    (line,) = check.worst
    assert line.startswith(f"{DEVICES[1]}: 1 missing, ")
    assert covers(line, 37)


async def test_skipped_points_are_found_by_device_and_time_in_a_database(
    broker: Mosquitto, file: Path
) -> None:
    fleet = Fleet(broker.port)
    skipped = [f"{DEVICES[0]}@{at(second)}" for second in (0, 20, 21, 59)]
    skipped.append(f"{DEVICES[2]}@{at(30)}")
    async with running_ingestion(broker.port, str(file), *skipped) as platform:
        await fleet.send(DEVICES * READINGS)
        await stored(platform)
    check = await fleet.check(sqlite(file, wait=0.0))
    assert (check.expected, check.found, check.missing) == (180, 175, 5)
    first, second = check.worst
    assert first.startswith(f"{DEVICES[0]}: 4 missing, ")
    assert [covers(first, moment) for moment in (0, 10, 20, 21, 40, 59)] == [
        True, False, True, True, False, True,
    ]  # fmt: skip
    assert covers(second, 30)


async def stored(platform: trio.Process) -> None:
    """Return once the platform has come to its end, and so has written all that it will."""
    assert platform.stdin is not None
    await platform.stdin.aclose()
    with within(30.0):
        assert await platform.wait() == 0


def covers(line: str, second: int) -> bool:
    """Say whether a line's time ranges, each of at most a tenth of the run, have a moment."""
    spans = [part.split(" to ") for part in line.partition("missing, ")[2].split("; ")]
    assert all(at(0) <= begin < end for begin, end in spans)
    return any(begin <= at(second) < end for begin, end in spans)


async def test_what_a_fault_spoiled_may_be_stored_or_not(
    broker: Mosquitto, database: Influxd
) -> None:
    fleet = Fleet(broker.port)
    skipped = [f"{DEVICES[0]}@{at(second)}" for second in (0, 1)]
    async with running_ingestion(broker.port, database.url, *skipped) as platform:
        await fleet.send(DEVICES[:1] * 3, mark="spike")
        await fleet.send(DEVICES[:1] * 3)
        await stored(platform)
    check = await fleet.check(influx_1(database, wait=0.0))
    assert (check.expected, check.found, check.missing, check.excused) == (6, 4, 0, 2)


async def test_other_runs_and_other_devices_are_not_counted(database: Influxd, file: Path) -> None:
    database.write([("a", BEGIN - 1), ("a", BEGIN), ("b", BEGIN + 1)])
    (check,) = await check_stores(influx_1(database), {"a": 1}, BEGIN, BEGIN)
    assert (check.found, check.missing, check.surplus) == (1, 0, 0)


async def test_more_than_was_sent_is_surplus_and_hides_nothing_that_is_missing(file: Path) -> None:
    fill(file, ["a", "a", "b"])
    sent = {"a": 1, "b": 2}
    (check,) = await check_stores(sqlite(file, wait=0.0), sent, BEGIN, BEGIN)
    assert (check.expected, check.found, check.missing, check.surplus) == (3, 3, 1, 1)
    assert check.worst == ["b: 1 missing", "a: 1 too many"]


async def test_some_of_the_devices_can_be_looked_up(database: Influxd, file: Path) -> None:
    sent = {f"d{number}": 1 for number in range(100)}
    database.write([(device, BEGIN) for device in sent])
    fill(file, list(sent))
    for verify in (influx_1(database, devices=7), sqlite(file, devices=7)):
        (check,) = await check_stores(verify, sent, BEGIN, BEGIN)
        assert (check.devices, check.expected, check.found) == (7, 7, 7)


def fill(file: Path, devices: list[str]) -> None:
    with sqlite3.connect(file) as made:
        made.executemany(
            "INSERT INTO readings VALUES (?, ?, 1.0)", [(device, at(0)) for device in devices]
        )
    made.close()


async def test_a_store_is_asked_until_all_is_there() -> None:
    async with running_influx2(COUNTED % 2) as server:
        server.before = [(503, "busy"), (200, "\r\n"), (200, COUNTED % 1)]
        verify = Verify(influx=influx_2(server, wait=60.0))
        (check,) = await check_stores(verify, {"a": 2}, BEGIN, BEGIN)
    assert (check.found, check.missing, check.error) == (2, 0, None)
    assert len(server.contents) == 4


async def test_a_store_is_asked_once_more_when_its_time_is_up() -> None:
    async with running_influx2(COUNTED % 1) as server:
        verify = Verify(influx=influx_2(server, wait=0.05))
        (check,) = await check_stores(verify, {"a": 2}, BEGIN, BEGIN)
    assert (check.found, check.missing) == (1, 1)
    assert len(server.contents) == 2


async def test_two_stores_are_both_searched(database: Influxd, file: Path) -> None:
    database.write([("a", BEGIN)])
    fill(file, ["a"])
    over_time = SentOverTime()
    for second in range(1, 11):
        over_time.note(second, BEGIN + second, {"a": min(2, second)})
    verify = Verify(influx=influx_1(database, wait=0.0).influx, sql=sqlite(file, wait=0.0).sql)
    checks = await check_stores(verify, {"a": 2}, BEGIN, BEGIN + 10, moments=iter(over_time))
    assert [check.store.partition(" ")[0] for check in checks] == ["InfluxDB", f"sqlite:///{file}"]
    assert [check.worst for check in checks] == [[f"a: 1 missing, {at(1)} to {at(2)}"]] * 2
