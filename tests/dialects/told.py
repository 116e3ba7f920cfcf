"""What a small fleet says over a while, as it goes over the wire, line by line."""

from collections.abc import Iterator

import msgspec
import trio
from trio.testing import wait_all_tasks_blocked

from iotmock.actors.devices.sides.status import announce, say_goodbye
from iotmock.actors.messages import IncomingCommand, Outgoing
from iotmock.wire.translation import to_message
from tests.actors.rig import Rig

DATA_QOS = 0


async def live(rig: Rig) -> list[str]:
    """Let two devices say everything that a device can say; return what they said."""
    supervisor = rig.supervisor
    rig.supervisor.around.announces_faults = True
    hvac = await supervisor.create("hvac", name="Roof unit", device_id="h.1", location="Roof")
    await supervisor.create("lighting", name="Lamp", device_id="l-1")
    await supervisor.simulate("h.1")
    await _command(rig, "h.1", "set_power", {"power": 30}, reply="my/inbox", correlation=b"7")
    await _command(rig, "l-1", "set_brightness", {"percent": 40})
    await _command(rig, "l-1", "set_brightness", {"percent": "x"})
    await _command(rig, "l-1", "inject_fault", {"fault": "stuck", "duration": 60, "fault_id": "f"})
    await trio.sleep(10)
    await supervisor.simulate("l-1")
    doubled = {"fault": "duplicate", "fault_id": "g", "parameters": {"probability": 1}}
    await _command(rig, "l-1", "inject_fault", doubled)
    await trio.sleep(10)
    await supervisor.simulate("l-1")
    await _command(rig, "l-1", "clear_fault", {})
    await _command(rig, "l-1", "set_online", {"online": False})
    announce(supervisor.around, hvac.model)
    say_goodbye(supervisor.around, hvac.model)
    await supervisor.delete("l-1")
    await wait_all_tasks_blocked()
    return [line_of(message) for message in _waiting(rig)]


async def _command(
    rig: Rig,
    device_id: str,
    name: str,
    parameters: object,
    reply: str | None = None,
    correlation: bytes | None = None,
) -> None:
    request = {"command": name, "parameters": parameters, "id": f"{rig.router.statistics.received}"}
    payload = msgspec.json.encode(request)
    rig.router.route(IncomingCommand(device_id, payload, reply, correlation))
    await wait_all_tasks_blocked()


def _waiting(rig: Rig) -> Iterator[Outgoing]:
    yield from rig.publisher._first.values()
    yield from rig.publisher._waiting


def line_of(outgoing: Outgoing) -> str:
    """Return a message as a line: topic, QoS, retain, correlation, payload."""
    message = to_message(outgoing, DATA_QOS, None)
    correlation = message.properties.correlation_data
    payload = message.payload.decode(errors="backslashreplace")
    return f"{message.topic} q{message.qos} r{message.retain:d} {correlation!r} {payload}"
