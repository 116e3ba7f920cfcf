"""Messages per second over one connection to mosquitto: the client, the publisher, and C."""

from collections.abc import Iterator
from pathlib import Path
from statistics import median

from benchmarks.counter import LOGGED
from benchmarks.senders import Run, Sender, client, mosquitto_pub, publisher
from benchmarks.table import Row, Table
from tests.mosquitto import Mosquitto, running_mosquitto

_REPEATS = 3
_MESSAGES = {0: 200_000, 1: 60_000}  # from 65,536 on, mosquitto_pub 2.0.11 loses some at QoS 1
_SENDERS: dict[str, Sender] = {
    "mosquitto_pub -l (C, one topic)": mosquitto_pub,
    "iotmock.mqtt.Client": client,
    "publisher actor over the wire": publisher,
}
_BASE = "mosquitto_pub -l (C, one topic)"
_METHOD = f"""\
End to end: from the first message handed over to the end of an independent `mosquitto_sub -C N`
(at QoS 0, on this machine), N = {_MESSAGES[0]:,} at QoS 0 and {_MESSAGES[1]:,} at QoS 1; 180 bytes
on 10,000 topics, MQTT 5, window 500 (mosquitto_pub: one topic, MQTT 3.1.1, a window of its own, and
its start of some ms is in its time). Median of {_REPEATS} rounds in alternating order; the ratio is
taken within each round, and least and most are its extremes. CPU is the sender's own. The service
sends its fleet at QoS 1 only: at QoS 0 the publisher runs over an `offer` of the benchmark's."""


def run(folder: Path) -> Iterator[Table]:
    """Measure every sender at QoS 0 and 1."""
    with running_mosquitto(folder, LOGGED) as broker:
        rows = [row for qos in _MESSAGES for row in _compare(broker, qos)]
    yield Table("Messages to mosquitto", _METHOD, rows)


def _compare(broker: Mosquitto, qos: int) -> Iterator[Row]:
    rounds = [_round(broker, qos, number) for number in range(_REPEATS)]
    for name in _SENDERS:
        ratios = [runs[name].rate / runs[_BASE].rate for runs in rounds]
        yield {
            "QoS": qos,
            "sender": name,
            "msg/s": round(median(runs[name].rate for runs in rounds)),
            "CPU µs/msg": median(runs[name].cpu_us for runs in rounds),
            "x mosquitto_pub": median(ratios),
            "least": min(ratios),
            "most": max(ratios),
        }


def _round(broker: Mosquitto, qos: int, number: int) -> dict[str, Run]:
    order = list(_SENDERS.items())
    return {
        name: send(broker, qos, _MESSAGES[qos])
        for name, send in (reversed(order) if number % 2 else order)
    }
