"""A broker for one subscriber, which sends it ready-made messages as fast as it takes them.

So a subscriber is measured alone: what it takes is not bounded by a broker or by a sender.
"""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from attrs import define, field

from benchmarks.sender import PAYLOAD, TOPICS
from benchmarks.state_file import device_id
from iotmock.dialects.native.topics import data_topic
from iotmock.mqtt.codec.properties import user_property
from iotmock.mqtt.codec.wire_types import write_length
from iotmock.verification.stamp import PROPERTY, Stamp, Stamper

RUN = "bench"
_CHUNK = 1 << 16
_HEAD = user_property(PROPERTY)
_NAMES = [data_topic(device_id(number)).encode() for number in range(TOPICS)]


def messages(rounds: int, qos: int, stamp: str) -> bytes:
    """Return PUBLISH packets: in each round one for each of 10,000 topics.

    `stamp` is `properties` (MQTT 5) or `json` (MQTT 3.1.1).
    """
    stamper, due = Stamper(RUN), time.time()
    stamper.begin(due)
    return b"".join(
        _publish(name, place & 0x7FFF | 1, qos, stamper, Stamp(number, due), stamp)
        for number in range(1, rounds + 1)
        for place, name in enumerate(_NAMES)
    )


def _publish(
    name: bytes, packet_id: int, qos: int, stamper: Stamper, stamp: Stamp, kind: str
) -> bytes:
    payload, properties = PAYLOAD, b""
    if kind == "json":
        payload = stamper.with_field(stamp, payload)
    else:
        text = stamper.text(stamp, payload)
        block = _HEAD + len(text).to_bytes(2, "big") + text
        properties = write_length(len(block)) + block
    body = b"".join((
        len(name).to_bytes(2, "big"), name,
        packet_id.to_bytes(2, "big") if qos else b"", properties, payload,
    ))  # fmt: skip
    return bytes((0x30 | qos << 1,)) + write_length(len(body)) + body


@define(eq=False)
class Replay:
    """Sends `data` to whoever subscribes, once `go` is set."""

    data: bytes
    listener: socket.socket = field(factory=lambda: socket.create_server(("127.0.0.1", 0)))
    go: threading.Event = field(factory=threading.Event)
    subscribed: threading.Event = field(factory=threading.Event)

    @property
    def port(self) -> int:
        return int(self.listener.getsockname()[1])

    def run(self) -> None:
        peer, _ = self.listener.accept()
        with peer:
            protocol = peer.recv(_CHUNK)[8]
            peer.sendall(b"\x20\x03\x00\x00\x00" if protocol == 5 else b"\x20\x02\x00\x00")
            packet_id = peer.recv(_CHUNK)[2:4]
            tail = b"\x00\x01" if protocol == 5 else b"\x01"
            peer.sendall(b"\x90" + bytes((2 + len(tail),)) + packet_id + tail)
            self.subscribed.set()
            threading.Thread(target=_drain, args=(peer.dup(),), daemon=True).start()
            self.go.wait()
            peer.sendall(self.data)
            self.go.clear()
            self.go.wait()  # the connection stays until the block ends


def _drain(peer: socket.socket) -> None:
    with peer:
        while peer.recv(_CHUNK):
            pass


@contextmanager
def replaying(data: bytes) -> Iterator[Replay]:
    """Serve during the block."""
    replay = Replay(data)
    thread = threading.Thread(target=replay.run, daemon=True)
    with replay.listener:
        thread.start()
        yield replay
        replay.go.set()
