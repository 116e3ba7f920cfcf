"""What the service answers to requests that it can not carry out."""

from iotmock.rest.gate.gate import Gate
from iotmock.rest.gate.hosts import KnownHosts
from iotmock.rest.gate.origins import KnownOrigins
from tests.actors.rig import running
from tests.mistakes.table import Mistake, mistakes
from tests.rest.client import Client
from tests.rest.rig import assemble_service
from tests.simulated_time import simulated_time

GATE = Gate(KnownHosts(()), KnownOrigins(()), None)
DEVICE = {"device_type": "hvac", "name": "Roof", "device_id": "h1"}


async def answer(client: Client, mistake: Mistake) -> str:
    method, path, *body = mistake.done.split(" ", 2)
    data = body[0].encode() if body else None
    got = await client.send(method, path, data=data, headers=mistake.headers)
    return f"{got.status} {got.content['detail']}"


@simulated_time
async def test_each_mistake_gets_its_answer() -> None:
    service = assemble_service(GATE)
    client = Client(service.app)
    async with running(service.rig):
        await client.post("/api/v1/devices", DEVICE)
        found = [(one.done, await answer(client, one)) for one in mistakes("rest")]
    assert found == [(one.done, one.says) for one in mistakes("rest")]
