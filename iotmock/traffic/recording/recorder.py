"""From the broker to the file: one task listens, one writes, and neither waits long."""

import time
from collections.abc import Callable
from contextlib import suppress
from math import inf

import trio
from attrs import define, evolve, field

from iotmock.broker.place import Place
from iotmock.mqtt import (
    V5,
    Client,
    ConnectFailed,
    ConnectionLost,
    ConnectRefused,
    MqttError,
    Session,
    Subscription,
)
from iotmock.traffic.files.sides import Writer
from iotmock.traffic.recorded import recorded
from iotmock.traffic.recording.tally import Tally
from iotmock.traffic.recording.waiting import Waiting

_RETRY_S = 0.5
_FAREWELL_S = 2.0
_KEPT_BY_BROKER_S = 3_600
_LARGEST = 268_435_460
"""All that MQTT can carry: what is larger than we say the broker leaves out without a word."""
_ONLY_NEW = 1
"""Retained messages come with a subscription that was not there before (MQTT 5.0, 3.8.3.1)."""


@define(eq=False)
class Recorder:
    """Listens at a broker until it is to stop, has had `most` messages, or for so many `seconds`.

    They count from the moment at which the broker has granted the subscription.
    """

    place: Place
    topic_filters: tuple[str, ...]
    writer: Writer
    tally: Tally
    note: Callable[[str], None]
    most: float = inf
    seconds: float = inf
    listening: trio.CancelScope = field(factory=trio.CancelScope)
    """Cancelled, it ends the recording in order: what was taken is still written."""
    _granted: bool = False
    """Whether the broker has ever granted the subscription."""
    _session: Session = field(factory=Session)
    _clock_us: int = field(init=False)
    """Unix time when the monotonic clock was 0: a clock that is set meanwhile changes nothing."""

    def __attrs_post_init__(self) -> None:
        self._clock_us = (time.time_ns() - time.monotonic_ns()) // 1_000

    async def run(self) -> None:
        """Record until `listening` is cancelled.

        Raises:
            MqttError: the first connection did not come about, or the broker refused a filter.
            OSError: the disk does not take it.
        """
        waiting, failure = Waiting(), None
        async with trio.open_nursery() as nursery:
            nursery.start_soon(self._write, waiting)
            try:
                with self.listening:
                    await self._listen(waiting)
            except MqttError as error:  # what has come before is written all the same
                failure = error
            waiting.end()
        if failure is not None:
            raise failure

    # Listening

    async def _listen(self, waiting: Waiting) -> None:
        options = evolve(self.place.options, session_expiry=_KEPT_BY_BROKER_S)
        options = evolve(options, maximum_packet_size=_LARGEST)
        client = Client(self.place.host, self.place.port, options, self._session)
        lost_at = await self._hear(client, waiting)
        while lost_at is not None:
            await trio.sleep(_RETRY_S)
            # A session of MQTT 3.1.1 has no end: it would stay at the broker for ever.
            again = evolve(options, clean_start=client.protocol != V5)
            client = Client(self.place.host, self.place.port, again, self._session)
            try:
                lost_at = await self._hear(client, waiting, lost_at)
            except (ConnectFailed, ConnectRefused):
                continue

    async def _hear(
        self, client: Client, waiting: Waiting, lost_at: float | None = None
    ) -> float | None:
        """Hand on what comes; return when the connection was lost, or None where it is enough."""
        try:
            async with client:
                await client.subscribe(*map(_subscription, self.topic_filters))
                self._note_granted(lost_at)
                try:
                    await self._take(client, waiting)
                finally:
                    await self._unsubscribe(client)
                return None
        except ConnectionLost as error:
            if not self._granted:
                raise
            self.note(f"{error}; waiting for the broker")
            return lost_at or trio.current_time()

    def _note_granted(self, lost_at: float | None) -> None:
        if lost_at is None:
            self._granted = True
            self.tally.begin()
            self.listening.deadline = trio.current_time() + self.seconds
        else:
            self.tally.gaps += 1
            self.tally.gap_seconds += trio.current_time() - lost_at
            self.note("the broker is back")

    async def _unsubscribe(self, client: Client) -> None:
        # Else the broker would go on keeping messages for a session that nobody takes up.
        with trio.move_on_after(_FAREWELL_S, shield=True), suppress(MqttError):
            await client.unsubscribe(*self.topic_filters)

    async def _take(self, client: Client, waiting: Waiting) -> None:
        dropped_before = self.tally.dropped
        while self.tally.messages < self.most:
            messages = await client.messages.take_arrived()
            at_us = self._clock_us + time.monotonic_ns() // 1_000
            left = self.most - self.tally.messages
            rows = [recorded(message, at_us) for message in messages]
            rows = rows if len(rows) <= left else rows[: int(left)]
            self.tally.count(rows)
            self.tally.dropped = dropped_before + client.statistics().dropped
            await waiting.put(rows)

    # Writing

    async def _write(self, waiting: Waiting) -> None:
        while rows := await waiting.take():
            await trio.to_thread.run_sync(self.writer.write, rows)
            self.tally.written += len(rows)
            self.tally.file_bytes = self.writer.size()


def _subscription(topic_filter: str) -> Subscription:
    return Subscription(topic_filter, 2, retain_as_published=True, retain_handling=_ONLY_NEW)
