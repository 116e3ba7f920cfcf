"""What is wrong with a body is said all at once, what only the service knows included."""

from tests.rest.client import Client
from tests.rest.test_devices import DEVICES, create
from tests.simulated_time import simulated_time

pytestmark = simulated_time


async def test_a_new_device_hears_of_its_type_and_profile_beside_its_fields(client: Client) -> None:
    body = {"device_type": "hvacc", "name": "", "base_power": 0, "colour": "red"}
    got = await client.post(DEVICES, body)
    assert got.status == 422
    assert set(got.faulty) == {"device_type", "name", "base_power", "colour"}
    wrong_profile = {"device_type": "hvac", "name": "N", "profile": "x", "interval": 0}
    assert (await client.post(DEVICES, wrong_profile)).faulty == ["interval", "profile"]


async def test_a_fault_of_a_device_hears_of_its_parameters_beside_its_fields(
    client: Client,
) -> None:
    device = await create(client)
    body = {"fault": "spike", "parameters": {"factor": 0, "who": 1}, "duration": -1, "start": "now"}
    got = await client.post(f"{DEVICES}/{device}/faults", body)
    assert got.status == 422
    assert set(got.faulty) == {"duration", "parameters.factor", "parameters.who", "start"}
