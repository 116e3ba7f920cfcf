"""Words of a service and those of its fleets: who hears what, and what is subscribed to."""

from collections.abc import Sequence

from attrs import frozen

from iotmock.actors.messages import Incoming, IncomingCommand, IncomingGroupCommand
from iotmock.actors.ports.dialect import Entry, Heard, Node
from iotmock.dialects.native.dialect import Native
from iotmock.dialects.several.dialect import Several
from iotmock.service.ground.words import read_named

NODE = Node("n")
LAMP = "lamp"


@frozen
class Waiting(Native):
    """Hears a state, too."""

    def entry(self, node: Node) -> Entry:
        return Entry(None, ("other/+",), states=("state",))

    def hear(self, heard: Heard, device_id: str | None = None) -> Sequence[Incoming]:
        return ()


def words(name: str = "zigbee2mqtt") -> Several:
    several = Several(Native(), read_named, lambda device_id: name if device_id == LAMP else None)
    assert several.take_up(name)
    return several


def devices(heard: Sequence[Incoming]) -> list[str]:
    return [one.device_id for one in heard if isinstance(one, IncomingCommand)]


def test_words_are_taken_up_once() -> None:
    assert not words().take_up("zigbee2mqtt")
    assert not words().take_up("native")


def test_a_connection_subscribes_to_what_all_hear_and_says_what_the_services_does() -> None:
    several = words()
    several.others["waiting"] = Waiting()
    entry, usual = several.entry(NODE), Native().entry(NODE)
    assert entry.filters[0] == "energy/devices/+/commands"
    assert {"zigbee2mqtt/+/set", "other/+"} <= set(entry.filters)
    assert entry.states == ("state",)
    assert (entry.will, entry.first, entry.last) == (usual.will, usual.first, usual.last)


def test_a_device_is_commanded_in_its_words_alone() -> None:
    several, on = words(), b'{"state": "ON"}'
    assert devices(several.hear(Heard("zigbee2mqtt/lamp/set", on))) == [LAMP]
    assert devices(several.hear(Heard("zigbee2mqtt/other/set", on))) == []
    assert devices(several.hear(Heard("energy/devices/lamp/commands", b"{}"))) == []
    assert devices(several.hear(Heard("energy/devices/other/commands", b"{}"))) == ["other"]


def test_what_is_for_all_is_heard_once() -> None:
    (found,) = words().hear(Heard("energy/groups/Roof/commands", b"{}"))
    assert isinstance(found, IncomingGroupCommand)
