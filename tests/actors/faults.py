"""What the tests of faults ask of a rig."""

import msgspec
from trio.testing import wait_all_tasks_blocked

from iotmock.actors.messages import IncomingCommand, Kind
from tests.actors.rig import Rig


def statuses(rig: Rig, device_id: str = "d") -> list[str]:
    return [message["status"] for message in rig.sent(Kind.STATUS, device_id) if message]


async def noted(rig: Rig) -> list[object]:
    await rig.ledger.write_now()
    return list(rig.ledger_file.notes)


async def send(rig: Rig, name: str, id_: str | None = None, **parameters: object) -> None:
    content = {"command": name, "parameters": parameters} | ({"id": id_} if id_ else {})
    rig.router.route(IncomingCommand("d", msgspec.json.encode(content)))
    await wait_all_tasks_blocked()
