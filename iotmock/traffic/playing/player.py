"""Sends each message when it is due, in the order of the file, over one connection."""

from bisect import bisect_right
from collections.abc import Callable, Iterator
from operator import attrgetter

import trio
from attrs import define, evolve, field

from iotmock.broker.place import Place
from iotmock.mqtt import (
    V5,
    Client,
    ConnectFailed,
    ConnectionLost,
    ConnectRefused,
    InvalidMessage,
    Message,
    MqttError,
    Session,
)
from iotmock.traffic.errors import TrafficError
from iotmock.traffic.playing.tally import Tally

_AHEAD = 8
"""Batches that are read ahead of what is due."""
_WINDOW = 1_000
_RETRY_S = 0.5
_PATIENCE_S = 60.0
_KEPT_BY_BROKER_S = 600
_SETTLE_S = 30.0
_SLOW_S = 0.02
"""A write that takes longer has been held up."""
_MOST_AT_ONCE = 256
_due = attrgetter("due")

Begin = Callable[[], Iterator[list[Message]]]
"""Gives the messages with their moments; called when there is a connection, so that none is late.
"""


@define(eq=False)
class Player:
    """Plays once, until it has ended or `playing` is cancelled."""

    place: Place
    begin: Begin
    tally: Tally
    note: Callable[[str], None]
    playing: trio.CancelScope = field(factory=trio.CancelScope)
    session: Session = field(factory=lambda: Session(window=_WINDOW))
    _incoming: trio.MemoryReceiveChannel[list[Message]] | None = None
    _messages: list[Message] = field(factory=list)
    _at: int = 0
    """The next of `_messages`."""
    _down_since: float | None = None
    _is_kept: bool = False
    """Whether the broker has our session: one of MQTT 3.1.1 has no end, and would stay there."""

    async def run(self) -> None:
        """Return once all is sent and answered for, or has waited half a minute for an answer.

        Raises:
            MqttError: the first connection did not come about.
            TrafficError: the broker went and did not come back; or the file is not in order.
        """
        with self.playing:
            async with trio.open_nursery() as reading:
                while not await self._is_played(reading):  # noqa: ASYNC110 - another try
                    await trio.sleep(_RETRY_S)
                reading.cancel_scope.cancel()

    async def _is_played(self, reading: trio.Nursery) -> bool:
        """Play on over a connection; return False where another one must be tried."""
        try:
            async with self._client() as client:
                self._note_return()
                self._is_kept = client.protocol == V5
                if self._incoming is None:
                    self._incoming = await reading.start(self._read)
                await self._play(client)
                return True
        except (ConnectionLost, ConnectFailed, ConnectRefused) as error:
            self._bear(error)
            return False

    def _client(self) -> Client:
        clean = not self._is_kept
        options = evolve(self.place.options, session_expiry=_KEPT_BY_BROKER_S, clean_start=clean)
        return Client(self.place.host, self.place.port, options, self.session)

    def _bear(self, error: MqttError) -> None:
        if self._incoming is None:
            raise error
        if self._down_since is None:
            self._down_since = trio.current_time()
            self.note(f"{error}; waiting for the broker")
        elif trio.current_time() - self._down_since > _PATIENCE_S:
            raise TrafficError(f"{error}; the broker was waited for {_PATIENCE_S:.0f} s") from error

    def _note_return(self) -> None:
        if self._down_since is not None:
            self._down_since = None
            self.tally.reconnects += 1
            self.note("the broker is back")

    # Reading

    async def _read(
        self, task_status: trio.TaskStatus[trio.MemoryReceiveChannel[list[Message]]]
    ) -> None:
        send, receive = trio.open_memory_channel[list[Message]](_AHEAD)
        task_status.started(receive)
        messages = self.begin()
        with send:
            while (batch := await trio.to_thread.run_sync(next, messages, None)) is not None:
                await send.send(batch)

    async def _has_more(self) -> bool:
        assert self._incoming is not None, "connected"  # noqa: S101
        while self._at == len(self._messages):
            try:
                self._messages, self._at = await self._incoming.receive(), 0
            except trio.EndOfChannel:
                return False
        return True

    # Sending

    async def _play(self, client: Client) -> None:
        while await self._has_more():
            await trio.sleep_until(self._messages[self._at].due)
            await self._send_due(client)
        with trio.move_on_after(_SETTLE_S):
            await client.wait_settled()

    async def _send_due(self, client: Client) -> None:
        now, end = trio.current_time(), self._at + _MOST_AT_ONCE
        due = bisect_right(self._messages, now, self._at, key=_due)
        ready = self._messages[self._at : min(end, due)]
        sent = ready[: self._put(client, ready)]
        await self._flush(client, sent)
        if len(sent) < len(ready):
            await self._wait_window(client)

    def _put(self, client: Client, ready: list[Message]) -> int:
        try:
            put = client.publish_nowait(ready)
        except InvalidMessage as error:
            self._note_refusal(ready[0], error)
            self._at += 1
            return 0
        self._at += put
        return put

    def _note_refusal(self, message: Message, error: InvalidMessage) -> None:
        if not self.tally.refused:  # the others are counted
            self.note(f"{message.topic[:80]!a} can not be sent: {error}")
        self.tally.refused += 1

    async def _flush(self, client: Client, sent: list[Message]) -> None:
        begun = trio.current_time()
        try:
            await client.flush()
        except ConnectionLost:
            self.tally.perhaps_lost += sum(message.qos == 0 for message in sent)
            raise
        finally:
            self.tally.count(sent, done := trio.current_time())
            self.tally.held_s += done - begun if done - begun > _SLOW_S else 0.0

    async def _wait_window(self, client: Client) -> None:
        begun, self.tally.is_held = trio.current_time(), True
        try:
            await client.wait_window()
        finally:
            self.tally.held_s += trio.current_time() - begun
            self.tally.is_held = False
