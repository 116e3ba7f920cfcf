"""How the fleet was, and what a device has said."""

import trio
from msgspec.structs import replace

from tests.rest.client import Client
from tests.rest.rig import Service
from tests.rest.test_devices import DEVICES, create
from tests.simulated_time import simulated_time

pytestmark = simulated_time
HISTORY = "/api/v1/simulation/history"


async def test_the_history_is_a_column_for_each_curve(client: Client, service: Service) -> None:
    await create(client, location="Hall")
    async with trio.open_nursery() as nursery:
        nursery.start_soon(service.system.summaries.run)
        await trio.sleep(61)
        nursery.cancel_scope.cancel()
    short = (await client.get(HISTORY)).content
    long = (await client.get(f"{HISTORY}?window=24h")).content
    assert (short["window"], short["step_s"], len(short["timestamps"])) == ("15m", 5.0, 12)
    assert (long["window"], long["step_s"], len(long["timestamps"])) == ("24h", 60.0, 1)
    power = short["power"]
    assert power["by_location"] == {"Hall": power["total_w"]}
    assert set(power["other_locations_w"]) == {0.0}
    assert power["by_family"] == {"plain": power["total_w"]}
    assert {len(column) for column in short["messages"].values()} == {12}
    assert short["messages"]["due_per_s"][-1] == 0.2
    assert short["backlog"][-1] > 0


async def test_where_the_largest_change_a_history_has_a_hundred_and_the_rest(
    service: Service, client: Client
) -> None:
    history = service.system.summaries.history
    await service.system.summaries.sum_up(record=True)
    (point,) = history.points("15m")
    for step in range(100):
        by_location = {f"{20 * step + place}": 10.0 + place for place in range(20)}
        history._short.append(replace(point, by_location=by_location, other_locations_w=5.0))
    power = (await client.get(HISTORY)).content["power"]
    assert len(power["by_location"]) == 100
    for step in range(1, 101):
        shown = sum(column[step] or 0.0 for column in power["by_location"].values())
        assert shown + power["other_locations_w"][step] == 5.0 + sum(range(10, 30))


async def test_a_window_that_is_not_kept_is_a_problem(client: Client) -> None:
    got = await client.get(f"{HISTORY}?window=7d")
    assert (got.status, got.faulty) == (422, ["window"])


async def test_the_last_messages_have_their_topics(client: Client, service: Service) -> None:
    device = await create(client)
    path = f"{DEVICES}/{device}/messages"
    first = (await client.get(path)).content
    assert first["messages"] == []
    await trio.sleep(5)
    await client.post(
        f"{DEVICES}/{device}/command", {"command": "set_online", "parameters": {"online": False}}
    )
    status, data = (await client.get(path)).content["messages"]
    assert (status["topic"], status["qos"], status["retain"]) == (
        f"energy/devices/{device}/status",
        1,
        True,
    )
    assert (data["topic"], data["qos"], data["retain"]) == (
        f"energy/devices/{device}/data",
        1,
        False,
    )
    assert '"power"' in data["payload"]
    assert len((await client.get(f"{path}?limit=1")).content["messages"]) == 1
    assert (await client.get(f"{DEVICES}/nobody/messages")).status == 404
