"""The channels of Sparkplug: what an edge node says of itself and of its devices, and hears."""

from collections.abc import Iterator
from functools import partial

from iotmock.actors.ports.channel import JSON, Channel
from iotmock.dialects.channels.examples import NOON
from iotmock.dialects.sparkplug.host import HostState
from iotmock.dialects.sparkplug.payload import DataType, Metric, encode, readable
from iotmock.dialects.sparkplug.session import REBIRTH
from iotmock.dialects.sparkplug.topics import EdgeNode, EdgeNodes, host_topic
from iotmock.dialects.sparkplug.writable import FOLDER

_AT_MS = int(NOON * 1_000)
_DEVICE = "{device_id}"
_PARAMETERS = {"edge_node": "SPARKPLUG_NODE, in a pool with the number of the connection"}
_channel = partial(
    Channel, content_type="application/x-protobuf", readable=readable, parameters=_PARAMETERS
)


def sparkplug_channels(nodes: EdgeNodes, host: str) -> Iterator[Channel]:
    """Yield them; `host` is the primary host application, if there is one."""
    edge = EdgeNode(nodes.group, _DEVICE if nodes.per_device else "{edge_node}")
    yield _channel(edge.topic("NBIRTH"), name="nodeBirth", about="An edge node is there.")
    yield _channel(edge.topic("NDEATH"), name="nodeDeath", about="An edge node is gone: the will.")
    birth, death = edge.topic("DBIRTH", _DEVICE), edge.topic("DDEATH", _DEVICE)
    yield _channel(birth, name="deviceBirth", about="A device is there, with all its metrics.")
    yield _channel(death, name="deviceDeath", about="A device is gone; its metrics are stale.")
    data = edge.topic("DDATA", _DEVICE)
    yield _channel(data, name="deviceData", about="Readings, settings, results of commands.")
    yield _channel(
        edge.topic("NCMD"),
        "receive",
        name="nodeCommand",
        about="Node Control/Rebirth: all births again, without a new connection.",
        examples=(encode(_AT_MS, [Metric(REBIRTH, DataType.BOOLEAN, value=True)]),),
    )
    yield _channel(
        edge.topic("DCMD", _DEVICE),
        "receive",
        name="deviceCommand",
        about="A write to one of the metrics below Commands/ that the birth names.",
        examples=(encode(_AT_MS, [Metric(f"{FOLDER}set_power", DataType.FLOAT, 20.0)]),),
        is_command=True,
    )
    if host:
        yield Channel(
            host_topic(host),
            "receive",
            name="hostState",
            about="Whether the primary host listens; until it does, nothing is said.",
            schema=HostState,
            content_type=JSON,
            examples=(b'{"online":true,"timestamp":1767268800000}',),
        )
