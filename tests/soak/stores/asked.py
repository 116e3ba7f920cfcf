"""How the tests ask stores: as a scenario would, for a span that begins at `BEGIN`."""

from pathlib import Path
from typing import Any

from iotmock.model.timestamp import rfc3339
from iotmock.soak.scenario.expectations import Influx, Sql, Verify
from tests.soak.stores.influx2 import TOKEN, Influx2
from tests.soak.stores.influxd import DATABASE, Influxd

BEGIN = 1_754_906_400.0
QUERY = (
    "SELECT device_id, count(*) FROM readings "
    "WHERE timestamp >= :begin_text AND timestamp < :end_text GROUP BY device_id"
)
COUNTED = "result,table,device_id,_value\r\n_result,0,a,%d\r\n"


def at(second: int) -> str:
    return rfc3339(BEGIN + second)


def influx_1(server: Influxd, **others: Any) -> Verify:
    table: dict[str, Any] = {"url": server.url, "version": 1, "database": DATABASE, "wait": 20.0}
    return Verify(influx=Influx(**table | others))


def sqlite(file: Path, query: str = QUERY, **others: Any) -> Verify:
    return Verify(sql=Sql(url=f"sqlite:///{file}", query=query, **{"wait": 20.0} | others))


def influx_2(server: Influx2, **others: Any) -> Influx:
    table: dict[str, Any] = {"url": server.url, "org": "o", "bucket": "b", "token": TOKEN}
    return Influx(**table | {"wait": 0.0} | others)
