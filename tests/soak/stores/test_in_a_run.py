"""A run whose messages a platform stores in a real InfluxDB: what is missing there is found."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
import trio

from tests.mosquitto import free_port, running_mosquitto
from tests.soak.scenarios import scenario, soaking
from tests.soak.stores.influxd import DATABASE, running_influxd
from tests.soak.stores.ingestion import running_ingestion

STORE = '[verify.influx]\nurl = "{url}"\nversion = 1\ndatabase = "{database}"\nwait = 20\n'
SKIPPED = "soak-roof-000007@first"


@pytest.mark.trio
@pytest.mark.parametrize("skipped", [(), (SKIPPED,)])
async def test_what_a_platform_did_not_store_is_found(
    tmp_path: Path, skipped: tuple[str, ...]
) -> None:
    with running_mosquitto(tmp_path) as broker, running_influxd(tmp_path) as database:
        database.ask(f"CREATE DATABASE {DATABASE}")
        store = STORE.format(url=database.url, database=DATABASE)
        async with running_ingestion(broker.port, database.url, *skipped):
            with soaking(tmp_path, scenario(broker.port, 20, 4, verify=store)) as soak:
                code = await trio.to_thread.run_sync(soak.wait)
    (check,) = soak.result["store_checks"]
    assert (check["expected"], check["missing"]) == (soak.totals["sent"], len(skipped))
    assert code == (1 if skipped else 0), soak.said
    if skipped:
        where = check["worst"][0].removeprefix("soak-roof-000007: 1 missing, ")
        begin, end = (datetime.fromisoformat(text) for text in where.split(" to "))
        first = datetime.fromisoformat(soak.result["started"])
        assert begin <= first + timedelta(seconds=1)  # its first message, and not any
        assert end <= first + timedelta(seconds=3)


def test_a_store_that_is_away_stops_the_run_before_it_begins(tmp_path: Path) -> None:
    url = f"http://127.0.0.1:{free_port()}"
    with running_mosquitto(tmp_path) as broker:
        text = scenario(broker.port, verify=STORE.format(url=url, database="energy"))
        with soaking(tmp_path, text) as soak:
            assert soak.wait() == 2
    assert url in soak.said
    assert "Traceback" not in soak.said
