"""The hub: what happens comes in here, and goes to whoever listens."""

from collections.abc import Callable
from math import inf
from secrets import token_hex

import msgspec
from attrs import define, field

from iotmock.actors.errors import StoppingError
from iotmock.actors.messages import CommandResult, Outgoing, shortened
from iotmock.actors.stream.audience import Audience
from iotmock.actors.stream.event import Event, EventKind
from iotmock.actors.stream.kept import Kept
from iotmock.actors.stream.listener import Listener, Loss
from iotmock.actors.stream.routes import SpecOf
from iotmock.actors.stream.statuses import Statuses
from iotmock.actors.stream.tap import Tap
from iotmock.actors.stream.wanted import Wanted
from iotmock.actors.stream.watches import Watches
from iotmock.model.faults.entry import changed_entries
from iotmock.model.faults.notes import Note
from iotmock.model.reading import StatusMessage

MOST_LISTENERS = 200
_encode = msgspec.json.Encoder().encode


def _as_it_is(message: Outgoing) -> bytes:
    return message.payload


@define(eq=False)
class Hub:
    """Numbers what happens, keeps the last of it, and hands it to listeners without waiting.

    Readings come in only while somebody wants some: see `Tap`.
    """

    most: int = MOST_LISTENERS
    reading_in: Callable[[Outgoing], bytes | None] = _as_it_is
    """Returns the reading that a message tells of; None: another message has told of it."""
    life: str = field(factory=lambda: token_hex(4))
    """Which life of the service the numbers are of."""
    statuses: Statuses = field(factory=Statuses)
    changes: int = 0
    """How often a device has come, gone or moved."""
    number: int = 0
    """Of the last event."""
    audience: Audience = field(init=False)
    tap: Tap = field(init=False)
    watches: Watches = field(init=False)
    _kept: Kept = field(factory=Kept)
    _closed: bool = False

    def __attrs_post_init__(self) -> None:
        self.audience = Audience(self.most)
        self.tap = Tap(self._hear)
        self.watches = Watches(self._turn_tap)

    def know(self, spec_of: SpecOf) -> None:
        """Ask this for what a device is: filters are about that."""
        self.audience.know(spec_of)

    # What happens

    def _hear(self, message: Outgoing) -> None:
        if self.audience.wants_reading(message.device_id):
            reading = self.reading_in(message)
            if reading is not None:
                self._add("reading", message.device_id, reading)
        self.watches.note(message)

    def said(self, message: Outgoing) -> None:
        """Take note of a message that is no reading, as it goes out."""
        self.watches.note(message)

    def status_changed(self, status: StatusMessage) -> None:
        """Take note of a status, whatever it is called in the device's dialect."""
        self._add("status", status.device_id, _encode(status))

    def carried_out(self, result: CommandResult) -> None:
        """Take note of the result of a command, however it came."""
        self._add("command", result.device_id, _encode(shortened(result)))

    def noted(self, note: Note, change: str) -> None:
        """Take note of a fault: `change` says what became of it."""
        for entry in changed_entries((note,)):
            data = msgspec.structs.asdict(entry) | {"change": change}
            self._add("fault", entry.device_id, _encode(data))

    def summed_up(self, data: bytes) -> None:
        """Hand a summary to those who want one."""
        self.audience.put_summary(data)

    def _add(self, kind: EventKind, device_id: str, data: bytes) -> None:
        self.number += 1
        event = Event(self.number, kind, device_id, data)
        self._kept.add(event)
        self.audience.put(event)

    def device_changed(self, device_id: str) -> None:
        """Take note that a device has come, is gone, or may be elsewhere."""
        self.changes += 1
        self.audience.forget(device_id)

    def device_gone(self, device_id: str) -> None:
        """Take note that a device is gone."""
        self.device_changed(device_id)
        self.statuses.forget(device_id)
        self.watches.forget(device_id)

    # Who listens

    def __len__(self) -> int:
        return len(self.audience.listeners)

    def check_room(self) -> None:
        """See whether one more may listen.

        Raises:
            TooManyListenersError, StoppingError: it may not.
        """
        if self._closed:
            raise StoppingError
        self.audience.check_room()

    def join(self, wanted: Wanted, last_event_id: str | None = None) -> Listener:
        """Let somebody listen, from now on or from where it had got to.

        Raises:
            TooManyListenersError, StoppingError: it may not.
        """
        self.check_room()
        listener = Listener(wanted, self.number, self.number)
        if last_event_id is not None:
            self._catch_up(listener, last_event_id)
        self.audience.add(listener)
        self._turn_tap()
        return listener

    def leave(self, listener: Listener) -> None:
        """Let it listen no more."""
        self.audience.remove(listener)
        self._turn_tap()

    def tidy(self) -> None:
        """Forget who does not come back; to be called every few seconds."""
        self.audience.tidy()
        self.watches.tidy()
        self._turn_tap()

    def close(self) -> None:
        """End every stream at once, and let nobody listen any more."""
        self._closed = True
        for listener in self.audience.listeners:
            listener.close()

    def _turn_tap(self) -> None:
        self.tap.turn(wanted=self.audience.wants_readings or bool(self.watches))

    # Coming back

    def id_of(self, number: int) -> str:
        """Return the id of an event."""
        return f"{self.life}-{number}"

    def _catch_up(self, listener: Listener, last_event_id: str) -> None:
        number, wanted = _number_in(last_event_id, self.life), listener.wanted
        is_ours = number <= self.number
        if not is_ours or not self._has_all_since(int(number), wanted):
            listener.loss = Loss(None, last_event_id)
        if is_ours:
            listener.last = int(number)
            for event in self._kept.after(listener.last, wanted):
                if wanted.takes(event.device_id, self.audience.spec_of(event.device_id)):
                    listener.put(event)

    def _has_all_since(self, number: int, wanted: Wanted) -> bool:
        was_there = "reading" not in wanted.kinds or self.audience.joined(wanted) <= number
        return was_there and self._kept.has_all_since(number, wanted)


def _number_in(event_id: str, life: str) -> float:
    """Return the number of an event of this life; one that has not come where it is of another."""
    of_life, _, digits = event_id.rpartition("-")
    is_number = digits.isascii() and digits.isdigit()
    return int(digits[:20]) if of_life == life and is_number else inf
