"""A host application for tests: it hears a group, and notes all that is not as it must be."""

import subprocess
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from attrs import define, field, frozen

from iotmock.dialects.sparkplug.payload import DataType, Metric, decode, encode
from iotmock.dialects.sparkplug.protobuf import fields
from tests.mosquitto import program
from tests.patience import SLACK
from tests.service.process import Subscriber, credentials, subscribed

GROUP = "iotmock"
NOTHING: Mapping[str, object] = {}


@frozen
class Message:
    """One message of an edge node."""

    verb: str
    node: str
    device: str | None
    payload: bytes

    @classmethod
    def of(cls, topic: str, text: str) -> "Message":
        namespace, group, verb, node, *device = topic.split("/")
        assert (namespace, group) == ("spBv1.0", GROUP)
        return cls(verb, node, device[0] if device else None, bytes.fromhex(text))

    @property
    def seq(self) -> int | None:
        return decode(self.payload).seq

    @property
    def timestamp(self) -> int | None:
        return decode(self.payload).timestamp

    @property
    def values(self) -> dict[str, Any]:
        return {metric.name: metric.value for metric in decode(self.payload).metrics}

    @property
    def raw(self) -> list[dict[int, Any]]:
        """Each metric's fields by number."""
        found = (content for number, content in fields(self.payload) if number == 2)
        return [dict(fields(content)) for content in found if isinstance(content, bytes)]

    @property
    def is_historical(self) -> bool:
        return bool(self.raw) and all(metric.get(5) == 1 for metric in self.raw)


@define(eq=False)
class Edge:
    """What a host knows of an edge node."""

    seq: int
    bd_seq: int
    alive: set[str] = field(factory=set)


@define(eq=False)
class Host:
    """Follows every edge node, as the specification has hosts do; `faults` are what is wrong."""

    subscriber: Subscriber
    edges: dict[str, Edge] = field(factory=dict)
    messages: list[Message] = field(factory=list)
    faults: list[str] = field(factory=list)
    _read: int = 0

    def look(self) -> list[Message]:
        """Take in what has come, and return all that ever has."""
        new, self._read = self.subscriber.messages[self._read :], len(self.subscriber.messages)
        for topic, text in new:
            message = Message.of(topic, text)
            if message.verb not in {"NCMD", "DCMD"}:
                self.messages.append(message)
                self._follow(message)
        return self.messages

    def _follow(self, message: Message) -> None:
        edge = self.edges.get(message.node)
        self._check_metrics(message)
        if message.verb == "NBIRTH":
            if message.seq != 0:
                self._blame(message, "the births begin with another number than 0")
            self.edges[message.node] = Edge(0, message.values["bdSeq"])
        elif message.verb == "NDEATH":
            if edge is not None and message.values["bdSeq"] == edge.bd_seq:
                del self.edges[message.node]
        elif edge is None:
            self._blame(message, "the edge node is not born")
        else:
            self._follow_device(message, edge)

    def _follow_device(self, message: Message, edge: Edge) -> None:
        edge.seq = (edge.seq + 1) % 256
        if message.seq != edge.seq:
            self._blame(message, f"has number {message.seq} instead of {edge.seq}")
            edge.seq = message.seq or 0
        assert message.device is not None
        if message.verb == "DBIRTH":
            edge.alive.add(message.device)
        elif message.device not in edge.alive:
            self._blame(message, "the device is not born")
        elif message.verb == "DDEATH":
            edge.alive.remove(message.device)

    def _check_metrics(self, message: Message) -> None:
        if message.timestamp is None:
            self._blame(message, "has no time")
        for metric in message.raw:
            if not {1, 3, 4} <= metric.keys():
                self._blame(message, "a metric has no name, no time or no datatype")

    def _blame(self, message: Message, what: str) -> None:
        self.faults.append(f"{message.verb} {message.node} {message.device}: {what}")

    def wait_for(self, condition: Callable[["Host"], Any], seconds: float = 20.0) -> Any:
        """Return what the condition gives of all that has come, once that is true."""

        def is_so(_: Subscriber) -> Any:
            self.look()
            return condition(self)

        return self.subscriber.wait_for(is_so, seconds)

    def wait_said(
        self,
        verb: str,
        device: str | None = None,
        since: int = 0,
        values: Mapping[str, object] = NOTHING,
    ) -> Message:
        """Return the first message of a kind after the first `since`, with these values in it."""

        def first(host: Host) -> Message | None:
            for message in host.messages[since:]:
                of = message.verb == verb and device in {None, message.device}
                if of and values.items() <= message.values.items():
                    return message
            return None

        found: Message = self.wait_for(first)
        return found

    def said(self, *verbs: str) -> list[Message]:
        return [message for message in self.look() if message.verb in verbs]


@contextmanager
def listening(port: int) -> Iterator[Host]:
    """Hear all that is said in the group."""
    with subscribed(port, "-F", "%t %x", topic=f"spBv1.0/{GROUP}/#") as subscriber:
        yield Host(subscriber)


def write(port: int, topic: str, *metrics: Metric) -> None:
    """Send a command: NCMD or DCMD."""
    send(port, topic, encode(1_700_000_000_000, metrics))


def send(port: int, topic: str, payload: bytes, *more: str) -> None:
    """Publish bytes at QoS 0, as commands of hosts come."""
    command = [program("mosquitto_pub"), *credentials(port), "-q", "0", "-t", topic, "-s", *more]
    subprocess.run(command, input=payload, check=True, timeout=20 * SLACK)


def ask_rebirth(port: int, node: str) -> None:
    """Ask an edge node for its births."""
    metric = Metric("Node Control/Rebirth", DataType.BOOLEAN, value=True)
    write(port, f"spBv1.0/{GROUP}/NCMD/{node}", metric)


def say_state(port: int, host: str, at: int, *, online: bool) -> None:
    """Be a host application that says whether it is online."""
    text = f'{{"online":{str(online).lower()},"timestamp":{at}}}'
    send(port, f"spBv1.0/STATE/{host}", text.encode(), "-r")
