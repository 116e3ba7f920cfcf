"""Time by hand over REST: how far, and what is refused."""

from typing import Any

import pytest

from tests.rest.client import Client
from tests.rest.rig import Service
from tests.rest.test_devices import create
from tests.simulated_time import simulated_time

pytestmark = simulated_time
STEP = "/api/v1/simulation/step"
SPEED = "/api/v1/simulation/speed"
STATUS = "/api/v1/simulation/status"
NOW = "2025-08-11T12:00:00Z"


@pytest.fixture
async def by_hand(client: Client) -> Client:
    assert (await client.post(SPEED, {"speed": "step"})).content["speed"] == "step"
    return client


async def moved(client: Client, **body: Any) -> str:
    answer = await client.post(STEP, body)
    assert answer.status == 200, answer.content
    assert (await client.get(STATUS)).content["now"][:19] == answer.content["now"][:19]
    return str(answer.content["now"])


async def test_time_goes_so_far_as_it_is_told(by_hand: Client) -> None:
    assert await moved(by_hand, seconds=300) == "2025-08-11T12:05:00Z"
    assert await moved(by_hand, seconds=0.25) == "2025-08-11T12:05:00.250Z"
    assert await moved(by_hand, until="18:00") == "2025-08-11T18:00:00Z"
    assert await moved(by_hand, until="18:00") == "2025-08-12T18:00:00Z"
    assert await moved(by_hand, until="2025-08-13T06:00:00+02:00") == "2025-08-13T04:00:00Z"


async def test_a_broker_that_does_not_answer_is_said_in_time(
    by_hand: Client, service: Service
) -> None:
    await create(by_hand)
    answer = await by_hand.post(STEP, {"seconds": 60, "timeout": 2})
    assert (answer.status, answer.content["type"]) == (409, "urn:iotmock:problem:step-timeout")
    assert "13 messages wait" in answer.content["detail"]
    assert (await by_hand.get(STATUS)).content["now"] == "2025-08-11T12:01:00Z"


async def test_time_that_runs_is_not_moved(client: Client) -> None:
    answer = await client.post(STEP, {"seconds": 60})
    assert (answer.status, answer.content["type"]) == (409, "urn:iotmock:problem:time-runs")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "seconds"),
        ({"seconds": 1, "until": "18:00"}, "seconds"),
        ({"seconds": 0}, "seconds"),
        ({"seconds": -1}, "seconds"),
        ({"seconds": 1e9}, "seconds"),
        ({"seconds": "300"}, "seconds"),
        ({"seconds": 1, "timeout": 0}, "timeout"),
        ({"until": "noon"}, "until"),
        ({"until": "25:00"}, "until"),
        ({"until": "18:00+02:00"}, "until"),
        ({"until": NOW}, "until"),
        ({"until": "2035-01-01"}, "until"),
        ({"until": "0000-00-00"}, "until"),
        ({"until": 5}, "until"),
        ({"seconds": 1, "minutes": 1}, "minutes"),
    ],
)
async def test_what_is_no_step_is_refused(
    by_hand: Client, body: dict[str, Any], field: str
) -> None:
    answer = await by_hand.post(STEP, body)
    assert answer.status == 422
    assert [error["field"] for error in answer.content["errors"]] == [field]
    assert (await by_hand.get(STATUS)).content["now"] == NOW


@pytest.mark.parametrize("speed", ["stop", "", None, [], True, 1e-9])
async def test_what_is_no_speed_is_refused(client: Client, speed: Any) -> None:
    answer = await client.post(SPEED, {"speed": speed})
    assert (answer.status, answer.content["errors"][0]["field"]) == (422, "speed")
