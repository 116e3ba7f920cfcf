"""What is wrong with a body is said all at once, what only the service knows included."""

import msgspec
import pytest

from iotmock.rest.intake.fields import fill, read_json
from iotmock.rest.many.bodies import Batch
from iotmock.wording.faults import MOST_FAULTS
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


@pytest.mark.parametrize("item", [b"1", b"{}", b'{"op":"update"}'])
async def test_of_a_list_of_nothing_but_faults_some_are_named(client: Client, item: bytes) -> None:
    # Each was looked at: 30,000 of them held all others up for seconds.
    body = b'{"operations": [%s]}' % b",".join([item] * (60_000 // (len(item) + 1)))
    struct, raw = Batch, msgspec.json.decode(body, type=dict[str, msgspec.Raw])
    assert len(fill(struct, raw, read_json)[1]) <= 2 * MOST_FAULTS
    got = await client.send("POST", f"{DEVICES}:batch", data=body)
    assert (got.status, len(got.content["errors"]) <= MOST_FAULTS) == (422, True)


async def test_a_fault_of_a_device_hears_of_its_parameters_beside_its_fields(
    client: Client,
) -> None:
    device = await create(client)
    body = {"fault": "spike", "parameters": {"factor": 0, "who": 1}, "duration": -1, "start": "now"}
    got = await client.post(f"{DEVICES}/{device}/faults", body)
    assert got.status == 422
    assert set(got.faulty) == {"duration", "parameters.factor", "parameters.who", "start"}
