"""The client as a program uses it: in a plain function, under trio and under asyncio."""

import asyncio
from collections.abc import Iterator

import pytest
import trio

from iotmock.client import AsyncClient, Client, Device, RefusedError, UnreachableError
from iotmock.client.asked import NewGroup
from tests.mosquitto import free_port
from tests.service.process import Service


@pytest.fixture
def client(service: Service) -> Iterator[Client]:
    with Client(f"http://localhost:{service.port}") as client:
        yield client


@pytest.fixture
def device(client: Client) -> Iterator[Device]:
    made = client.create_device("hvac", "of a test", base_power=5.0)
    yield client.device(made.device_id)
    client.delete_device(made.device_id)


def test_a_device_is_made_told_read_and_taken_away(client: Client) -> None:
    made = client.create_device("hvac", "Roof", location="Berlin", idempotency_key="once")
    assert client.create_device("hvac", "Roof", location="Berlin", idempotency_key="once") == made
    device = client.device(made.device_id)
    assert device.send("set_power", power=30.0).changes["base_power"][1] == 30.0
    assert client.patch_device(made.device_id, {"location": None}).location == ""
    assert device.info().base_power == 30.0
    assert device.reading().device_id == made.device_id
    assert made.device_id in {one.device_id for one in client.every_device(device_type="hvac")}
    device.delete()
    with pytest.raises(RefusedError) as refused:
        device.info()
    assert (refused.value.status, refused.value.kind) == (404, "unknown-device")


def test_a_refusal_has_the_fields_of_its_problem(client: Client, device: Device) -> None:
    with pytest.raises(RefusedError) as refused:
        client.create_device("hvac", "", base_power=-1.0)
    assert {fault.field for fault in refused.value.errors} == {"name", "base_power"}
    with pytest.raises(RefusedError) as refused:
        device.send("set_power", power="much")
    assert refused.value.result is not None
    assert refused.value.result.status == "rejected"


def test_nobody_there_is_said(tmp_path: object) -> None:
    with Client(f"http://localhost:{free_port()}") as client, pytest.raises(UnreachableError):
        client.get_health()


def test_a_reading_is_waited_for_without_sleeping(device: Device) -> None:
    first = device.next_reading()
    later = device.wait_for(lambda reading: reading.energy > first.energy or reading.power == 0.0)
    assert later.timestamp > first.timestamp


def test_a_full_reading_has_what_the_device_measures_and_nothing_else(client: Client) -> None:
    groups = [NewGroup(device_type="battery", count=1), NewGroup(device_type="hvac", count=1)]
    client.create_fleet("full", groups, reading="full")
    try:
        battery = client.device("full-battery-000001").next_reading()
        assert battery.soc is not None
        assert 0 <= battery.soc <= 100
        assert battery.energy_import is not None
        assert battery.setpoint is None
        assert "setpoint" not in repr(battery)
        heat_pump = client.device("full-hvac-000001").next_reading()
        assert (heat_pump.soc, type(heat_pump.setpoint)) == (None, float)
    finally:
        client.delete_fleet("full")


def test_a_basic_reading_has_no_more(device: Device) -> None:
    assert device.reading().frequency is None


def test_who_waits_in_vain_is_told_what_came_last(device: Device) -> None:
    for within in (1.5, 15.0, 60.0):
        with pytest.raises(TimeoutError) as caught:
            device.wait_for(lambda reading: reading.power > 1e6, within=within)
        if "the last was Reading(" in str(caught.value):  # one has come meanwhile
            return
    pytest.fail(str(caught.value))


def test_a_device_that_says_nothing_is_not_waited_for_without_end(device: Device) -> None:
    device.send("set_online", online=False)
    with pytest.raises(TimeoutError, match=r"(none|nothing) came"):
        device.next_reading(within=0.5)


def test_a_fault_lasts_as_long_as_its_block(client: Client, device: Device) -> None:
    with device.fault("stuck", what="all") as fault:
        assert client.list_device_faults(device.device_id).faults[0].state == "active"
    states = {one.fault_id: one.state for one in client.read_ledger(fault="stuck").faults}
    assert states[fault.fault_id] == "ended"


def test_a_fault_that_is_cleared_within_its_block_is_no_error(
    client: Client, device: Device
) -> None:
    with device.fault("stuck") as fault:
        client.clear_fault(device.device_id, fault.fault_id)


def test_events_are_heard_from_the_beginning_of_the_block_on(
    client: Client, device: Device
) -> None:
    with client.listen(kind="command", device_id=device.device_id, within=20) as events:
        device.send("set_power", power=6.0)
        event = next(events)
    assert (event.kind, event.data["command"]) == ("command", "set_power")


async def at_once(url: str) -> float:
    async with AsyncClient(url) as client:
        made = await client.create_device("hvac", "asynchronous")
        device = client.device(made.device_id)
        async with device.fault("stuck"):
            reading = await device.next_reading()
        async for one in client.every_device(id_prefix=made.device_id):
            assert one.name == "asynchronous"
        await device.delete()
        return reading.voltage


@pytest.mark.parametrize("run", ["trio", "asyncio"])
def test_the_same_under_each_event_loop(run: str, service: Service) -> None:
    url = f"http://localhost:{service.port}"
    voltage = trio.run(at_once, url) if run == "trio" else asyncio.run(at_once(url))
    assert 200 < voltage < 260
