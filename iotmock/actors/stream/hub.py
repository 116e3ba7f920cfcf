"""The hub: what happens comes in here, and goes to whoever listens."""

from collections.abc import Callable, Iterator
from heapq import merge
from operator import attrgetter
from secrets import token_hex

import msgspec
import trio
from attrs import define, field

from iotmock.actors.errors import StoppingError, TooManyListenersError
from iotmock.actors.messages import CommandResult, Kind, Outgoing, shortened
from iotmock.actors.stream.event import KEPT, Event, EventKind
from iotmock.actors.stream.listener import Listener, Loss
from iotmock.actors.stream.ring import Ring
from iotmock.actors.stream.routes import Routes, SpecOf
from iotmock.actors.stream.statuses import Statuses
from iotmock.actors.stream.tap import Tap
from iotmock.actors.stream.wanted import Wanted
from iotmock.actors.stream.watches import Watches
from iotmock.model.faults.active import Note
from iotmock.model.faults.entry import changed_entries
from iotmock.model.spec import DeviceSpec

MOST_LISTENERS = 200
_KEPT_EVENTS = 5_000
_COMES_BACK_S = 30.0
"""For how long readings are kept on for a listener that has left."""
_encode = msgspec.json.Encoder().encode


def _unknown(device_id: str) -> DeviceSpec | None:  # noqa: ARG001
    return None


def _told_nobody(message: Outgoing) -> str:
    return message.reply_topic or ""


@define(eq=False)
class Hub:
    """Numbers what happens, keeps the last of it, and hands it to listeners without waiting.

    Readings come in only while somebody wants some: see `Tap`.
    """

    most: int = MOST_LISTENERS
    topic_of: Callable[[Outgoing], str] = _told_nobody
    """Where a message goes."""
    life: str = field(factory=lambda: token_hex(4))
    """Which life of the service the numbers are of."""
    statuses: Statuses = field(factory=Statuses)
    changes: int = 0
    """How often a device has come, gone or moved."""
    tap: Tap = field(init=False)
    watches: Watches = field(init=False)
    number: int = 0
    _listeners: set[Listener] = field(factory=set)
    _rings: dict[EventKind, Ring] = field(factory=lambda: {k: Ring(_KEPT_EVENTS) for k in KEPT})
    _routes: dict[EventKind, Routes] = field(init=False)
    _gone: dict[Wanted, tuple[int, float]] = field(factory=dict)
    """Who wanted readings and has left: since which event it was there, and until when it may come
    back."""
    _closed: bool = False

    def __attrs_post_init__(self) -> None:
        self._routes = {kind: Routes(_unknown, keeps_all=kind != "reading") for kind in KEPT}
        self.tap = Tap(self._hear)
        self.watches = Watches(self._turn_tap)

    def know(self, spec_of: SpecOf) -> None:
        """Ask this for what a device is: filters are about that."""
        for routes in self._routes.values():
            routes.spec_of = spec_of

    # What happens

    def _hear(self, message: Outgoing) -> None:
        device_id = message.device_id
        route = self._routes["reading"].of(device_id)
        if route.kept:
            self._add("reading", device_id, message.payload)
        self.watches.note(message)

    def said(self, message: Outgoing) -> None:
        """Take note of a message that is no reading, as it goes out."""
        if message.kind is Kind.STATUS and message.payload:
            self._add("status", message.device_id, message.payload)
        elif message.kind is Kind.RESULT and message.reply_topic is None:
            self._add("command", message.device_id, message.payload)
        self.watches.note(message)

    def said_again(self, message: Outgoing) -> None:
        """Take note of a status that is said because there is a connection again."""
        self.watches.note(message)

    def carried_out(self, result: CommandResult) -> None:
        """Take note of the result of a command that did not come over MQTT."""
        self._add("command", result.device_id, _encode(shortened(result)))

    def noted(self, note: Note, change: str) -> None:
        """Take note of a fault: `change` says what became of it."""
        for entry in changed_entries((note,)):
            data = msgspec.to_builtins(entry) | {"change": change}
            self._add("fault", entry.device_id, _encode(data))

    def summed_up(self, data: bytes) -> None:
        """Hand a summary to those who want one."""
        for listener in self._listeners:
            if "summary" in listener.wanted.kinds:
                listener.put_summary(data)

    def _add(self, kind: EventKind, device_id: str, data: bytes) -> None:
        self.number += 1
        event = Event(self.number, kind, device_id, data)
        self._rings[kind].add(event)
        for listener in self._routes[kind].of(device_id).listeners:
            listener.put(event)

    def device_changed(self, device_id: str) -> None:
        """Take note that a device has come, is gone, or may be elsewhere."""
        self.changes += 1
        for routes in self._routes.values():
            routes.forget(device_id)

    def device_gone(self, device_id: str) -> None:
        """Take note that a device is gone."""
        self.device_changed(device_id)
        self.statuses.forget(device_id)
        self.watches.forget(device_id)

    # Who listens

    def __len__(self) -> int:
        return len(self._listeners)

    def check_room(self) -> None:
        """See whether one more may listen.

        Raises:
            TooManyListenersError, StoppingError: it may not.
        """
        if self._closed:
            raise StoppingError
        if len(self._listeners) >= self.most:
            raise TooManyListenersError(self.most)

    def join(self, wanted: Wanted, last_event_id: str | None = None) -> Listener:
        """Let somebody listen, from now on or from where it had got to.

        Raises:
            TooManyListenersError, StoppingError: it may not.
        """
        self.check_room()
        listener = Listener(wanted, self.number, self.number)
        if last_event_id is not None:
            self._catch_up(listener, last_event_id)
        self._listeners.add(listener)
        for kind in wanted.kinds & self._routes.keys():
            self._routes[kind].listeners.append(listener)
        self._turn()
        return listener

    def leave(self, listener: Listener) -> None:
        """Let it listen no more."""
        self._listeners.discard(listener)
        for kind in listener.wanted.kinds & self._routes.keys():
            self._routes[kind].listeners.remove(listener)
        if "reading" in listener.wanted.kinds and len(self._gone) < self.most:
            until = trio.current_time() + _COMES_BACK_S
            self._gone[listener.wanted] = listener.joined, until
        self._turn()

    def tidy(self) -> None:
        """Forget who does not come back; to be called every few seconds."""
        now = trio.current_time()
        over = [wanted for wanted, (_, until) in self._gone.items() if until <= now]
        for wanted in over:
            del self._gone[wanted]
        if over:
            self._turn()
        self.watches.tidy()

    def close(self) -> None:
        """End every stream at once, and let nobody listen any more."""
        self._closed = True
        for listener in self._listeners:
            listener.close()

    def _turn(self) -> None:
        self._routes["reading"].gone = tuple(self._gone)
        for routes in self._routes.values():
            routes.forget_all()
        self._turn_tap()

    def _turn_tap(self) -> None:
        readings = self._routes["reading"]
        self.tap.turn(wanted=bool(readings.listeners or self._gone or self.watches))

    # Coming back

    def id_of(self, number: int) -> str:
        """Return the id of an event."""
        return f"{self.life}-{number}"

    def _catch_up(self, listener: Listener, last_event_id: str) -> None:
        number = self._number_of(last_event_id)
        if number is None or not self._has_all_since(number, listener.wanted):
            listener.loss = Loss(None, last_event_id)
        if number is not None:
            listener.last = number
            for event in self._missed(listener.wanted, number):
                listener.put(event)

    def _number_of(self, event_id: str) -> int | None:
        life, _, digits = event_id.rpartition("-")
        if life != self.life or not (digits.isascii() and digits.isdigit()):
            return None
        number = int(digits[:20])
        return number if number <= self.number else None

    def _has_all_since(self, number: int, wanted: Wanted) -> bool:
        kinds = wanted.kinds & self._rings.keys()
        if any(self._rings[kind].forgotten > number for kind in kinds):
            return False
        return "reading" not in kinds or self._joined(wanted) <= number

    def _joined(self, wanted: Wanted) -> float:
        here = [one.joined for one in self._listeners if one.wanted == wanted]
        left = self._gone.get(wanted)
        return min([*here, *([left[0]] if left else [])], default=float("inf"))

    def _missed(self, wanted: Wanted, number: int) -> Iterator[Event]:
        kinds = wanted.kinds & self._rings.keys()
        kept = merge(*(self._rings[k].after(number) for k in kinds), key=attrgetter("number"))
        spec_of = self._routes["reading"].spec_of
        return (e for e in kept if wanted.takes(e.device_id, spec_of(e.device_id)))
