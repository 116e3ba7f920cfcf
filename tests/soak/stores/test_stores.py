"""What a real platform has stored in a real database, beside what was sent over a real broker."""

import sqlite3
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest
import trio
from attrs import define, field

from iotmock.actors.messages import Kind, Outgoing
from iotmock.model.timestamp import rfc3339
from iotmock.soak.report.measures import StoreCheck
from iotmock.soak.scenario.expectations import Influx, Sql, Verify
from iotmock.soak.stores.sent import SentOverTime
from iotmock.soak.stores.sql import SqlStore
from iotmock.soak.stores.stored import Span, StoreAwayError, StoreError, StoreRefusedError
from iotmock.soak.stores.stores import ask_stores, check_stores
from tests.mosquitto import Mosquitto, free_port, running_mosquitto
from tests.patience import within
from tests.soak.receiver.running import Sender
from tests.soak.stores.influx2 import TOKEN, Influx2, running_influx2
from tests.soak.stores.influxd import DATABASE, Influxd, running_influxd
from tests.soak.stores.ingestion import running_ingestion

pytestmark = pytest.mark.trio

BEGIN = 1_754_906_400.0
READINGS = 60
DEVICES = ["soak-roof-000001", "soak-roof-000002", "soak-floor-000001"]
QUERY = (
    "SELECT device_id, count(*) FROM readings "
    "WHERE timestamp >= :begin_text AND timestamp < :end_text GROUP BY device_id"
)


@pytest.fixture(scope="module")
def influx(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Influxd]:
    with running_influxd(tmp_path_factory.mktemp("influxdb")) as server:
        yield server


@pytest.fixture
def database(influx: Influxd) -> Influxd:
    influx.ask(f"DROP DATABASE {DATABASE}")
    influx.ask(f"CREATE DATABASE {DATABASE}")
    return influx


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Mosquitto]:
    with running_mosquitto(tmp_path) as broker:
        yield broker


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "platform.db"
    with sqlite3.connect(path) as made:
        made.execute("CREATE TABLE readings (device_id TEXT, timestamp TEXT, power REAL)")
    made.close()
    return path


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


def at(second: int) -> str:
    return rfc3339(BEGIN + second)


def influx_1(server: Influxd, **others: Any) -> Verify:
    table: dict[str, Any] = {"url": server.url, "version": 1, "database": DATABASE, "wait": 20.0}
    return Verify(influx=Influx(**table | others))


def sqlite(file: Path, query: str = QUERY, **others: Any) -> Verify:
    return Verify(sql=Sql(url=f"sqlite:///{file}", query=query, **{"wait": 20.0} | others))


# What is stored, and what is not


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


# A store that is not there, or refuses


async def test_a_store_that_is_away_is_an_error_before_and_after() -> None:
    verify = Verify(
        influx=Influx(
            url=f"http://u:secret@127.0.0.1:{free_port()}", version=1, database="e", wait=0.0
        )
    )
    with pytest.raises(StoreAwayError, match="does not answer") as raised:
        await ask_stores(verify)
    (check,) = await check_stores(verify, {"a": 1}, BEGIN, BEGIN)
    assert check.error == str(raised.value)
    assert "secret" not in check.error


async def test_a_database_that_is_not_there_is_refused(database: Influxd) -> None:
    with pytest.raises(StoreRefusedError, match="database not found: nowhere"):
        await ask_stores(influx_1(database, database="nowhere"))


async def test_a_server_that_is_no_influxdb_is_refused() -> None:
    async with running_influx2("<html>\n<body>") as server:
        with pytest.raises(StoreRefusedError, match="is not InfluxDB"):
            await ask_stores(Verify(influx=influx_2(server)))
    async with running_influx2("<html>", token=None) as server:
        old = Influx(url=server.url, version=1, database="e")
        with pytest.raises(StoreRefusedError, match="is not InfluxDB"):
            await ask_stores(Verify(influx=old))


async def test_influxdb_1_with_users(tmp_path: Path) -> None:
    secrets = {"SECRET": "pass'word"}
    with running_influxd(tmp_path, auth=True) as server:
        server.ask("CREATE USER us WITH PASSWORD 'pass\\'word' WITH ALL PRIVILEGES")
        server.ask(f"CREATE DATABASE {DATABASE}", ("us", secrets["SECRET"]))
        verify = influx_1(server, username="us", password_env="SECRET")
        await ask_stores(verify, secrets)
        with pytest.raises(StoreRefusedError, match="are user and password") as raised:
            await ask_stores(verify, {"SECRET": "another-word"})
        assert "another-word" not in str(raised.value)
        with pytest.raises(StoreRefusedError, match="the variable SECRET is not set"):
            await ask_stores(verify, {})
        with pytest.raises(StoreRefusedError, match="the variable SECRET is not set"):
            await check_stores(verify, {}, BEGIN, BEGIN, environment={})
        with pytest.raises(StoreRefusedError, match="refuses"):
            await ask_stores(influx_1(server))


async def test_an_answer_that_influxdb_1_cut_short_is_none(tmp_path: Path) -> None:
    with running_influxd(tmp_path, extra="max-row-limit = 3") as server:
        server.ask(f"CREATE DATABASE {DATABASE}")
        sent = {f"d{number}": 1 for number in range(9)}
        server.write([(device, BEGIN) for device in sent])
        (check,) = await check_stores(influx_1(server), sent, BEGIN, BEGIN)
    assert "max-row-limit" in (check.error or "")


@pytest.mark.parametrize(
    ("url", "query", "reason"),
    [
        ("sqlite:///{folder}/nowhere.db", QUERY, "there is no SQLite file"),
        ("nonsense", QUERY, "verify.sql.url is none that SQLAlchemy can use"),
        ("nosuch://u:secret@h/d", QUERY, "verify.sql.url is none that SQLAlchemy can use"),
        ("postgresql://u:secret@h:port/d", QUERY, "verify.sql.url is none that SQLAlchemy"),
        (
            "oracle+oracledb://u:secret@h/d",
            QUERY,
            "install the package of oracledb",
        ),
        ("sqlite:///{folder}/platform.db", "SELECT :begin, :end FROM x", "no such table: x"),
        ("sqlite:///{folder}/platform.db", "SELECT 1, :begin, :end", "rows of device id and count"),
        ("sqlite:///{folder}/platform.db", "SELECT 'a', 'b'", "not ('a', 'b')"),
        ("sqlite:///{folder}/platform.db", "SELECT :begin, :ende", "ende"),
        ("sqlite:///{folder}/ingestion.log", QUERY, "file is not a database"),
    ],
)
async def test_a_database_that_can_not_be_asked_is_one_line(
    file: Path, url: str, query: str, reason: str
) -> None:
    (file.parent / "ingestion.log").write_text("no database, but long enough to be read " * 10)
    verify = Verify(sql=Sql(url_env="URL", query=query))
    with pytest.raises(StoreError) as raised:
        await ask_stores(verify, {"URL": url.format(folder=file.parent)})
    text = str(raised.value)
    assert reason in text
    assert "secret" not in text
    assert "\n" not in text
    assert not (file.parent / "nowhere.db").exists()


async def test_moments_of_a_database_come_as_the_column_needs_them(file: Path) -> None:
    with sqlite3.connect(file) as made:
        made.execute("CREATE TABLE others (device_id TEXT, at TIMESTAMP, at_s REAL)")
        rows = [("a", datetime.fromtimestamp(BEGIN + n, UTC), BEGIN + n) for n in range(5)]
        made.executemany("INSERT INTO others VALUES (?, ?, ?)", [
            (name, f"{moment:%Y-%m-%d %H:%M:%S.%f}", at_s) for name, moment, at_s in rows
        ])  # fmt: skip
    made.close()
    for where in ("at >= :begin AND at < :end", "at_s >= :begin_s AND at_s < :end_s"):
        query = f"SELECT device_id, count(*) FROM others WHERE {where} GROUP BY 1"
        store = SqlStore(f"sqlite:///{file}", query)
        assert await store.count(Span(BEGIN + 1, BEGIN + 3)) == {"a": 2}


# InfluxDB 2.x


def influx_2(server: Influx2, **others: Any) -> Influx:
    table: dict[str, Any] = {"url": server.url, "org": "o", "bucket": "b", "token": TOKEN}
    return Influx(**table | {"wait": 0.0} | others)


COUNTED = "result,table,device_id,_value\r\n_result,0,a,%d\r\n"
ANNOTATED = """\
#datatype,string,long,string,long\r
#group,false,false,false,false\r
#default,_result,,,\r
,result,table,device_id,_value\r
,_result,0,a,5\r
,_result,0,"b,c",3\r
\r
"""


@pytest.mark.parametrize("answer", [ANNOTATED, ANNOTATED.partition("#default,_result,,,\r\n")[2]])
async def test_influxdb_2_counts_by_device(answer: str) -> None:
    async with running_influx2(answer) as server:
        verify = Verify(influx=influx_2(server))
        (check,) = await check_stores(verify, {"a": 5, "b,c": 4}, BEGIN, BEGIN + 60)
    assert (check.expected, check.found, check.missing) == (9, 8, 1)
    assert check.worst == ["b,c: 1 missing"]
    assert server.targets == ["/api/v2/query?org=o"]
    assert "range(start: 2025-08-11T10:00:00.000000Z, stop: " in server.query


async def test_influxdb_2_without_a_row_has_nothing() -> None:
    async with running_influx2("\r\n") as server:
        (check,) = await check_stores(Verify(influx=influx_2(server)), {"a": 5}, BEGIN, BEGIN)
    assert (check.found, check.missing, check.error) == (0, 5, None)


async def test_names_in_a_flux_query_stay_texts() -> None:
    async with running_influx2("\r\n") as server:
        names = {"measurement": 'a" or true', "device_tag": "${b}", "field": "c\\"}
        await ask_stores(Verify(influx=influx_2(server, **names)))
    assert r'r["_measurement"] == "a\" or true"' in server.query
    assert r'columns: ["\${b}"]' in server.query
    assert r'r["_field"] == "c\\"' in server.query


@pytest.mark.parametrize(
    ("answer", "status", "reason"),
    [
        (ANNOTATED + "error,reference\r\nthe engine stopped,897\r\n", 200, "the engine stopped"),
        ('{"code":"not found","message":"no bucket b"}', 404, "answers 404.*no bucket b"),
        ("busy", 503, "answers 503: busy"),
        ("", 302, "answers 302"),
    ],
)
async def test_influxdb_2_says_no_in_many_ways(answer: str, status: int, reason: str) -> None:
    async with running_influx2(answer, status) as server:
        verify = Verify(influx=influx_2(server))
        with pytest.raises(StoreError, match=reason):
            await ask_stores(verify)
        (check,) = await check_stores(verify, {"a": 5}, BEGIN, BEGIN)
    assert check.error is not None


async def test_influxdb_2_refuses_another_token() -> None:
    async with running_influx2(ANNOTATED) as server:
        verify = Verify(influx=influx_2(server, token=None, token_env="TOKEN"))
        await ask_stores(verify, {"TOKEN": TOKEN})
        with pytest.raises(StoreRefusedError, match="refuses") as raised:
            await ask_stores(verify, {"TOKEN": "no-such-token"})
    assert "no-such-token" not in str(raised.value)


async def test_sql_without_its_extra_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sqlalchemy", None)
    monkeypatch.delitem(sys.modules, "iotmock.soak.stores.sql")
    verify = Verify(sql=Sql(url="sqlite://", query=QUERY))
    with pytest.raises(StoreRefusedError, match=r"pip install 'iotmock\[sql\]'"):
        await ask_stores(verify)
