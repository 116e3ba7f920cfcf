"""A store that is not there, or refuses: one line that says so, and no secret in it."""

import sqlite3
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from iotmock.soak.scenario.expectations import Influx, Sql, Verify
from iotmock.soak.stores.sql import SqlStore
from iotmock.soak.stores.stored import Span, StoreAwayError, StoreError, StoreRefusedError
from iotmock.soak.stores.stores import ask_stores, check_stores
from tests.mosquitto import free_port
from tests.soak.stores.asked import BEGIN, QUERY, influx_1, influx_2
from tests.soak.stores.influx2 import running_influx2
from tests.soak.stores.influxd import DATABASE, Influxd, running_influxd

pytestmark = pytest.mark.trio


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


async def test_sql_without_its_extra_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sqlalchemy", None)
    monkeypatch.delitem(sys.modules, "iotmock.soak.stores.sql")
    verify = Verify(sql=Sql(url="sqlite://", query=QUERY))
    with pytest.raises(StoreRefusedError, match=r"pip install 'iotmock\[sql\]'"):
        await ask_stores(verify)
