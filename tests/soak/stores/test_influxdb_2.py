"""InfluxDB 2.x: what it is asked, and its many answers."""

import pytest

from iotmock.soak.scenario.expectations import Verify
from iotmock.soak.stores.stored import StoreError, StoreRefusedError
from iotmock.soak.stores.stores import ask_stores, check_stores
from tests.soak.stores.asked import BEGIN, influx_2
from tests.soak.stores.influx2 import TOKEN, running_influx2

pytestmark = pytest.mark.trio


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
