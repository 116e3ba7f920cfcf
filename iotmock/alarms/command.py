"""What `iotmock alarms listen` does: hear alarms while the service runs, then score them."""

import sys
from collections.abc import Iterator
from contextlib import AsyncExitStack, closing, contextmanager
from functools import partial
from pathlib import Path
from typing import IO

import trio
from attrs import field, frozen

from iotmock.actors.errors import leaves
from iotmock.alarms.fields import Fields
from iotmock.alarms.gathered import Gathered
from iotmock.alarms.listening import listen_at_topics, webhook
from iotmock.alarms.thresholds import Thresholds
from iotmock.broker.place import Place
from iotmock.ledger.score import Score, Truth, score, truth_of
from iotmock.mqtt import MqttError
from iotmock.settings.state_files import MEMORY
from iotmock.signals import heed_signals
from iotmock.storage import FaultLedger


class AlarmsError(Exception):
    """Alarms can not be listened for as was asked, and why."""


@frozen
class Order:
    """Where to listen, for how long (s), and against what to score."""

    place: Place | None
    topic_filters: tuple[str, ...]
    http: tuple[str, int] | None
    seconds: float
    ledger: str
    tolerance_s: float = 60.0
    output: Path | None = None
    fields: Fields = field(factory=Fields)
    thresholds: Thresholds = field(factory=Thresholds)


@frozen
class Verdict:
    """What a detector's alarms were worth; `misses` are the thresholds that it did not reach."""

    alarms: int
    unreadable: int
    kinds: dict[str, Score]
    total: Score
    misses: tuple[str, ...]


def listen(order: Order) -> Verdict:
    """Listen until a signal or for so long, and score what came.

    Faults that had ended before are not counted: nobody could raise an alarm here any more.

    Raises:
        AlarmsError: there is nothing to listen at, or no ledger to score with.
        RegistryFileError: the ledger can not be read. MqttError: the broker can not be used.
    """
    if order.place is None and order.http is None:
        raise AlarmsError("say where alarms come from: --topic FILTER, --http PORT, or both")
    before = _ended(order.ledger)
    with _opened(order.output) as file:
        gathered = Gathered(order.fields, _note, file)
        _run(order, gathered)
    kinds, total = score(_truths(order.ledger, before), gathered.alarms, order.tolerance_s)
    misses = tuple(order.thresholds.misses(total))
    return Verdict(len(gathered.alarms), gathered.unreadable, kinds, total, misses)


def _ended(ledger: str) -> frozenset[str]:
    if ledger == MEMORY:
        text = "the service keeps no ledger (STATE_FILE=:memory:): give FAULT_LEDGER a file"
        raise AlarmsError(text)
    with closing(FaultLedger.read_only(ledger)) as file:
        return frozenset(one.fault_id for one in file.every_entry() if one.state == "ended")


def _truths(ledger: str, before: frozenset[str]) -> list[Truth]:
    with closing(FaultLedger.read_only(ledger)) as file:
        entries = [one for one in file.every_entry() if one.fault_id not in before]
    return [truth_of(one) for one in entries if one.messages]


@contextmanager
def _opened(output: Path | None) -> Iterator[IO[str] | None]:
    if output is None:
        yield None
    else:
        with output.open("w", encoding="utf-8", newline="") as file:
            yield file


def _run(order: Order, gathered: Gathered) -> None:
    found: list[Exception] = []
    try:
        trio.run(partial(_listen, order, gathered))
    except* (MqttError, OSError) as group:
        found = list(leaves(group))
    if found:
        raise found[0]


async def _listen(order: Order, gathered: Gathered) -> None:
    ended = trio.Event()

    async def end(_: int) -> None:
        ended.set()

    async with trio.open_nursery() as nursery, AsyncExitStack() as stack:
        await nursery.start(heed_signals, end)
        if order.http is not None:
            address = await stack.enter_async_context(webhook(*order.http, gathered))
            _note(f"alarms are taken at {address}")
        if order.place is not None:
            filters = order.topic_filters
            await nursery.start(listen_at_topics, order.place, filters, gathered)
            _note(f"alarms are taken from {', '.join(filters)}")
        with trio.move_on_after(order.seconds):
            await ended.wait()
        nursery.cancel_scope.cancel()


def _note(text: str) -> None:
    sys.stderr.write(f"iotmock: {text}\n")
    sys.stderr.flush()
