"""What `iotmock replay` does."""

import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from functools import partial
from math import inf
from pathlib import Path
from typing import Any

import msgspec
import trio
from attrs import field, frozen

from iotmock.actors.errors import leaves
from iotmock.broker.place import Place
from iotmock.files.reasons import reason
from iotmock.mqtt import Message, MqttError
from iotmock.signals import heed_signals
from iotmock.traffic.errors import TrafficError, TrafficFileError
from iotmock.traffic.files.formats import reader_of
from iotmock.traffic.files.sides import Reader
from iotmock.traffic.playing.faults import Done, Faults
from iotmock.traffic.playing.plan import Plan, first_of
from iotmock.traffic.playing.player import Player
from iotmock.traffic.playing.schedule import Schedule
from iotmock.traffic.playing.tally import Played, Tally
from iotmock.traffic.playing.topic_map import TopicMap
from iotmock.traffic.progress import Progress, note
from iotmock.traffic.punctual import punctual

_LEAD_S = 0.2
"""From the connection to the first message: the file is read meanwhile."""
_LEDGER = ".faults.jsonl"


@frozen
class Wanted:
    """How a file is to be played; see the options of `iotmock replay`."""

    speed: float = 1.0
    shifts: bool = False
    topic_of: TopicMap = field(factory=TopicMap)
    loops: int = 1
    qos: int | None = None
    drop: float = 0.0
    duplicate: float = 0.0
    seed: int = 1
    ledger: Path | None = None

    @property
    def has_faults(self) -> bool:
        """Whether messages are left out or sent twice."""
        return self.drop > 0 or self.duplicate > 0


def replay(place: Place, path: Path, wanted: Wanted) -> tuple[Played, bool]:
    """Play a file; return what was sent, and whether a signal has ended it early.

    Raises:
        TrafficError, TrafficFileError, OSError: it can not be played, or not to its end.
        MqttError: the broker can not be reached.
    """
    if wanted.shifts and wanted.speed == inf:
        raise TrafficError("--shift now needs a --speed, by which times go on; leave out max")
    reader = reader_of(path)
    first_us = first_of(reader).at_us
    tally = Tally(reader.total and reader.total * wanted.loops)
    with _faults(path, wanted) as faults:
        begin = partial(_begin, reader, first_us, wanted, faults)
        player = Player(place, begin, tally, note)
        was_ended = _run(player)
    if reader.cut is not None:
        note(f"{path}: {reader.cut}")
    return _played(player, wanted, faults), was_ended


def _begin(
    reader: Reader, first_us: int, wanted: Wanted, faults: Faults | None
) -> Iterator[list[Message]]:
    start, start_unix = trio.current_time() + _LEAD_S, time.time() + _LEAD_S
    schedule = Schedule(start, start_unix, first_us, wanted.speed)
    topics, qos, loops = wanted.topic_of, wanted.qos, wanted.loops
    return Plan(reader, schedule, topics, faults, qos, wanted.shifts, loops).batches()


@contextmanager
def _faults(path: Path, wanted: Wanted) -> Iterator[Faults | None]:
    ledger = wanted.ledger or path.with_name(path.name + _LEDGER)
    with ledger.open("wb", buffering=0) if wanted.has_faults else nullcontext() as file:
        write = partial(_write, ledger, file)
        yield Faults(wanted.drop, wanted.duplicate, wanted.seed, write) if file else None


def _write(ledger: Path, file: Any, done: Done) -> None:
    try:
        file.write(msgspec.json.encode(done) + b"\n")
    except OSError as error:
        raise TrafficFileError(ledger, reason(error, ledger)) from error


def _run(player: Player) -> bool:
    found: list[Exception] = []
    try:
        with punctual():
            trio.run(_play, player)
    except* (MqttError, TrafficError, OSError) as group:
        found = list(leaves(group))
    if found:
        if player.tally.messages:
            note(f"{player.tally.messages:,} messages had been sent before it broke off")
        raise found[0]
    return player.playing.cancelled_caught


async def _play(player: Player) -> None:
    async def end(_: int) -> None:
        player.playing.cancel()

    async with trio.open_nursery() as nursery:
        await nursery.start(heed_signals, end)
        progress = Progress(player.tally.line)
        nursery.start_soon(progress.run)
        await player.run()
        progress.end()
        nursery.cancel_scope.cancel()


def _played(player: Player, wanted: Wanted, faults: Faults | None) -> Played:
    tally, session = player.tally, player.session
    return Played(
        tally.messages,
        tally.payload_bytes,
        round(tally.seconds, 3),
        round(tally.held_s, 3),
        session.acknowledged,
        tally.refused + session.refused,
        session.in_flight,
        tally.perhaps_lost,
        tally.reconnects,
        faults.dropped if faults else 0,
        faults.duplicated if faults else 0,
        None if wanted.speed == inf else tally.timing(),
    )
