"""What actors say to each other."""

from collections.abc import Callable, Iterable, Mapping
from enum import Enum
from typing import Any, Literal, Protocol, TypeVar

import msgspec
from attrs import define, field, frozen
from msgspec import UNSET, UnsetType
from trio import Event

from iotmock.actors.errors import ActorError
from iotmock.model.device import Device
from iotmock.model.faults.fault import Injection
from iotmock.model.settings import Changes
from iotmock.verification.stamp import Stamp

T = TypeVar("T")
T_contra = TypeVar("T_contra", contravariant=True)


class ReplySlot(Protocol[T_contra]):
    """Where an actor puts its answer; every slot is answered or failed, never left."""

    def answer(self, value: T_contra) -> None:
        """Give the answer."""
        ...

    def answer_later(self, value: T_contra) -> None:
        """Tell what will be answered, when it may be; most can not make use of it."""
        del value

    def fail(self, error: ActorError) -> None:
        """Say why there is no answer."""
        ...


@define(eq=False)
class Reply(ReplySlot[T]):
    """A slot that one caller waits at. A caller that gives up harms no one."""

    _done: Event = field(factory=Event)
    _value: T | None = None
    _error: Exception | None = None

    def answer(self, value: T) -> None:
        """Give the answer."""
        self._value = value
        self._done.set()

    def fail(self, error: Exception) -> None:
        """Say why there is no answer."""
        self._error = error
        self._done.set()

    async def wait(self) -> T:
        """Return the answer.

        Raises:
            Exception: what it failed with: of an actor that refused, failed or is gone, an
                `ActorError`.
        """
        await self._done.wait()
        error, self._error = self._error, None  # whose frames hold this: not in a circle
        if error is not None:
            try:
                raise error
            finally:
                del error
        return self._value  # type: ignore[return-value]


class CommandRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A command as a client sends it, over REST or MQTT."""

    command: str
    parameters: dict[str, Any] = {}
    id: str | None = None


class CommandResult(msgspec.Struct, frozen=True):
    """What became of a command; the field order is the contract."""

    id: str | None
    device_id: str
    command: str | None
    status: Literal["applied", "rejected"]
    reason: str | None
    timestamp: str
    changes: Changes | UnsetType = UNSET
    """What has changed, as [before, after]; left out where nothing has."""


_REASON_LENGTH = 500


def shortened(result: CommandResult) -> CommandResult:
    """Return it with a reason of at most 500 characters: it quotes a client, perhaps a megabyte."""
    if result.reason is None or len(result.reason) <= _REASON_LENGTH:
        return result
    return msgspec.structs.replace(result, reason=result.reason[:_REASON_LENGTH])


class ResultLostError(ActorError):
    """A fault has lost the result of a command that was carried out."""

    def __init__(self, result: CommandResult) -> None:
        super().__init__(f"the result from {result.device_id} was lost, as a fault wants it")
        self.result = result


class Tick(msgspec.Struct, frozen=True, gc=False):
    """Time has moved on to `now` (Unix seconds), `dt_s` after the last tick.

    `timestamp` is `now` as the device's messages say it, where somebody has written it already: all
    that tick together say the same.
    """

    now: float
    dt_s: float
    timestamp: str | None = None


@frozen
class Sample:
    """Tick, and answer with the reading that was published."""

    tick: Tick
    reply: ReplySlot[Any]


@frozen
class Perform:
    """Carry out a command."""

    request: CommandRequest
    over_mqtt: bool
    reply: ReplySlot[CommandResult]


@frozen
class Change:
    """Change fields of the device's description, if `holds` then says so of it."""

    changes: dict[str, Any]
    reply: ReplySlot[Any]
    holds: Callable[[], bool] | None = None


@frozen
class Inject:
    """Have the device fail; the answer says whether there was no fault of this id."""

    injection: Injection
    reply: ReplySlot[bool]


@frozen
class Clear:
    """End a fault; the answer says whether there was one."""

    fault_id: str
    reply: ReplySlot[bool]


DeviceMessage = Tick | Sample | Perform | Change | Inject | Clear


class Kind(Enum):
    """What an outgoing message is, which decides its topic, and whether it may be dropped."""

    DATA = "data"
    STATUS = "status"
    RESULT = "result"
    FAULT = "fault"


class Manner(msgspec.Struct, frozen=True, gc=False):
    """How a message goes out that is not plain data."""

    qos: int = 1
    retain: bool = False


PLAIN = Manner()
RETAINED = Manner(retain=True)


class Outgoing(msgspec.Struct, frozen=True, gc=False):
    """A message for the broker, in the words of a dialect.

    `correlation` answers an MQTT 5 request. `stamp` is on data whose messages are accounted for.
    `manner` None: at MQTT_QOS, not retained.
    """

    kind: Kind
    device_id: str
    payload: bytes
    topic: str
    correlation: bytes | None = None
    stamp: Stamp | None = None
    manner: Manner | None = None


def size_of(message: Outgoing) -> int:
    """Return how many bytes of a message grow with what a client has sent."""
    asked = message.correlation
    return len(message.payload) + (0 if asked is None else len(asked) + len(message.topic))


@frozen
class IncomingCommand:
    """A message that arrived at a device's command topic.

    `refusal` says why it is not carried out, whatever it asks for.
    """

    device_id: str
    payload: bytes
    reply_topic: str | None = None
    correlation: bytes | None = None
    refusal: str | None = None
    topic: str = field(default="", eq=False)
    """Where it arrived, for the journal."""
    said: Mapping[str, Any] = field(factory=dict, eq=False)
    """What else a dialect has found in it, for its answer."""


@frozen
class IncomingGroupCommand:
    """A message that arrived at the command topic of a location; see `IncomingCommand`."""

    location: str
    payload: bytes
    reply_topic: str | None = None
    correlation: bytes | None = None
    refusal: str | None = None
    topic: str = field(default="", eq=False)

    def to(self, device_id: str) -> IncomingCommand:
        """Return it as a command for one of the devices."""
        return IncomingCommand(
            device_id, self.payload, self.reply_topic, self.correlation, self.refusal, self.topic
        )


@frozen
class IncomingEvent:
    """An event of the platform about one of its own devices."""

    action: str
    device_id: str
    payload: bytes


@frozen
class IncomingBirths:
    """A platform wants to hear again what devices are: births, without a new connection.

    Those of `device_id`; None: of all that speak over the connection where it was heard, after what
    that says first itself. `everywhere`: of the whole fleet, `spread_s` seconds long.
    """

    device_id: str | None = None
    everywhere: bool = False
    spread_s: float = 0.0


@frozen
class IncomingHost:
    """A host says whether it listens. `at` orders what it says: older than the last is nothing."""

    is_there: bool
    at: int = 0


@frozen
class IncomingQuestion:
    """A message that asks a device how it is: nothing changes by it, and it is answered at once.

    `answer` says it, of the device as it is then. One that is offline does not hear it.
    """

    device_id: str
    answer: Callable[[Device], Iterable[Outgoing]]
    topic: str = field(default="", eq=False)


ToDevice = IncomingCommand | IncomingQuestion
"""What a device answers."""
Incoming = ToDevice | IncomingGroupCommand | IncomingEvent | IncomingBirths | IncomingHost
