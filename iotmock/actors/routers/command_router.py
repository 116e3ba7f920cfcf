"""The command router: from a message on a command topic to a device's inbox, and back."""

from collections.abc import Iterator

import msgspec
import structlog
import trio
from attrs import define, evolve, field, frozen

from iotmock.actors.devices.supervisor import Supervisor
from iotmock.actors.errors import (
    ActorError,
    DeviceOfflineError,
    UnknownDeviceError,
    UnsavedError,
)
from iotmock.actors.journal import Journal
from iotmock.actors.messages import (
    CommandRequest,
    CommandResult,
    IncomingCommand,
    IncomingGroupCommand,
    IncomingQuestion,
    ReplySlot,
    ResultLostError,
    ToDevice,
    shortened,
)
from iotmock.actors.outbox.carrier import Carrier
from iotmock.actors.ports.dialect import Voice
from iotmock.actors.routers.rebirths import Rebirths
from iotmock.actors.routers.selector import Selector
from iotmock.model.commands import ABOUT_FAULTS
from iotmock.model.timestamp import rfc3339
from iotmock.wording.faults import InvalidValueError, convert
from iotmock.wording.json_text import DEEPEST, is_too_deep
from iotmock.wording.no_json import NO_JSON, no_json
from iotmock.wording.words import shown

log = structlog.get_logger()

ID_LENGTH = 64
COMMAND_LENGTH = 64
_EXAMPLE = 'send {"command": "set_power", "parameters": {"power": 30}}'
_SLICE = 64


class InvalidRequestError(ValueError):
    """A payload is not a command, and why; with what could be read of it."""

    def __init__(self, reason: str, *, id: str | None = None, command: str | None = None) -> None:  # noqa: A002
        super().__init__(reason)
        self.id = id
        self.command = command


def read_request(payload: bytes) -> CommandRequest:
    """Return the command in a payload.

    Raises:
        InvalidRequestError: it is not JSON, not an object, nested too deep, or a field is not what
            it must be.
    """
    if is_too_deep(payload):
        raise InvalidRequestError(f"nested more than {DEEPEST} deep; {_EXAMPLE}")
    try:
        content = msgspec.json.decode(payload)
    except NO_JSON as error:
        raise InvalidRequestError(f"not JSON: {no_json(error, payload)}; {_EXAMPLE}") from error
    if not isinstance(content, dict):
        raise InvalidRequestError(f"not a JSON object, but {shown(content)}; {_EXAMPLE}")
    return _convert(content)


def _read(message: IncomingCommand) -> CommandRequest:
    request = read_request(message.payload)
    if message.refusal is not None:
        raise InvalidRequestError(message.refusal, id=request.id, command=request.command)
    return request


def _convert(content: dict[str, object]) -> CommandRequest:
    name, id_ = content.get("command"), content.get("id")
    known = {
        "id": id_ if isinstance(id_, str) and len(id_) <= ID_LENGTH else None,
        "command": name[:COMMAND_LENGTH] if isinstance(name, str) else None,
    }
    if isinstance(name, str) and len(name) > COMMAND_LENGTH:
        text = f"command has more than {COMMAND_LENGTH} characters: {shown(name)}"
        raise InvalidRequestError(text, **known)
    if known["id"] != id_:
        text = f"id must be a text of up to {ID_LENGTH} characters, not {shown(id_)}"
        raise InvalidRequestError(text, **known)
    try:
        return convert(content, CommandRequest)
    except InvalidValueError as error:
        raise InvalidRequestError(str(error), **known) from error


def _sliced(ids: list[str]) -> Iterator[list[str]]:
    return (ids[begin : begin + _SLICE] for begin in range(0, len(ids), _SLICE))


@define
class RouterStatistics:
    """Counts of what arrived at command topics."""

    received: int = 0
    applied: int = 0
    rejected: int = 0
    unknown_device: int = 0
    ignored_offline: int = 0
    results_lost: int = 0


@define(eq=False)
class CommandRouter:
    """Hands commands on without waiting; each device's answer is published when it comes."""

    supervisor: Supervisor
    publisher: Carrier
    statistics: RouterStatistics = field(factory=RouterStatistics)
    journal: Journal = field(factory=Journal)
    rebirths: Rebirths = field(init=False)

    def __attrs_post_init__(self) -> None:
        self.rebirths = Rebirths(self.supervisor)

    def route(self, message: ToDevice) -> None:
        """Put a command into the inbox of its device, or publish why it is rejected.

        A question is answered at once. A topic of a device that is not ours is left alone: real
        devices may share the broker.
        """
        if isinstance(message, IncomingQuestion):
            self._answer(message)
            return
        self.statistics.received += 1
        try:
            self.supervisor.get(message.device_id)
        except UnknownDeviceError:
            self.statistics.unknown_device += 1
            log.debug("a command for no device of ours", device=message.device_id)
        else:
            self._route_known(message)

    async def route_group(self, message: IncomingGroupCommand) -> None:
        """Route a command to every device of a location; each answers for itself.

        Between two slices others have their turn, and the backlog takes the results.
        """
        # Nothing awaits between the walk and a slice's commands but turns of others: who is
        # deleted meanwhile is left alone as any device that is not ours.
        for ids in _sliced(await Selector(location=message.location).ids_of(self.supervisor)):
            for device_id in ids:
                self.route(message.to(device_id))
            await trio.lowlevel.checkpoint()
            await self.publisher.wait_room_for_results()

    def _answer(self, question: IncomingQuestion) -> None:
        around = self.supervisor.around
        try:
            model = self.supervisor.get(question.device_id).model
        except UnknownDeviceError:
            return
        if model.status == "offline":
            self.statistics.ignored_offline += 1
            return
        for outgoing in question.answer(model):
            self.publisher.tell(outgoing)
            around.hub.said(outgoing)

    def _route_known(self, message: IncomingCommand) -> None:
        device = self.supervisor.get(message.device_id)
        try:
            request = _read(message)
        except InvalidRequestError as error:
            if device.model.status == "offline":  # it hears nothing, so it answers nothing
                self.statistics.ignored_offline += 1
                return
            request = CommandRequest(error.command or "", id=error.id)
            _ResultSlot(self, message, request, device.voice).reject(str(error))
        else:
            self._submit(message, request, device.voice)

    def _submit(self, message: IncomingCommand, request: CommandRequest, voice: Voice) -> None:
        # What waits for an answer does not hold a payload, which may be a megabyte.
        slot = _ResultSlot(self, evolve(message, payload=b""), request, voice)
        try:
            self.supervisor.submit(message.device_id, request, slot, over_mqtt=True)
        except ActorError as error:
            slot.fail(error)


@frozen
class _ResultSlot(ReplySlot[CommandResult]):
    """A slot whose answer goes to the result topic, and to the request's response topic."""

    router: CommandRouter
    message: IncomingCommand
    request: CommandRequest
    voice: Voice

    def answer(self, value: CommandResult) -> None:
        """Count a result, and publish it once what it tells of outlives the process."""
        if value.status == "applied":
            self.router.statistics.applied += 1
        else:
            self.router.statistics.rejected += 1
        self._tell(value)
        registry = self.router.supervisor.around.registry
        registry.when_saved(self.message.device_id, _SavedSlot(self, value))

    def _tell(self, value: CommandResult) -> None:
        # Who publishes, a broker does not tell its subscribers: the topic is all that is known.
        event = "a command was applied" if value.status == "applied" else "a command was rejected"
        self.router.journal.note(
            event,
            over="mqtt",
            topic=self.message.topic,
            device=value.device_id,
            command=value.command,
            id=value.id,
            reason=value.reason,
        )

    def fail(self, error: ActorError) -> None:
        if isinstance(error, DeviceOfflineError):
            self.router.statistics.ignored_offline += 1
        elif isinstance(error, ResultLostError):
            self.router.statistics.results_lost += 1
        else:
            self.reject(str(error))

    def reject(self, reason: str) -> None:
        """Publish that the command was rejected."""
        now = self.router.supervisor.around.clock.now()
        command, device_id = self.request.command or None, self.message.device_id
        self.answer(
            CommandResult(self.request.id, device_id, command, "rejected", reason, rfc3339(now))
        )

    def publish(self, value: CommandResult) -> None:
        """Publish a result."""
        hub = self.router.supervisor.around.hub
        hub.carried_out(value)
        for outgoing in self.voice.result(shortened(value), self.message):
            self.router.publisher.tell(outgoing)
            hub.said(outgoing)


@frozen
class _SavedSlot(ReplySlot[None]):
    """Where the registry writer says that what a result tells of is saved, or is not."""

    slot: _ResultSlot
    result: CommandResult

    def answer(self, value: None) -> None:  # noqa: ARG002
        ledger = self.slot.router.supervisor.around.ledger
        ledger.when_saved(self.result.device_id, _NotedSlot(self.slot, self.result))

    def fail(self, error: ActorError) -> None:
        self.slot.publish(_unsaved(self.result, error))


@frozen
class _NotedSlot(ReplySlot[None]):
    """Where the ledger says that what began or ended at the device is on record, or is not.

    Each result passes here, so that those of one device stay in their order.
    """

    slot: _ResultSlot
    result: CommandResult

    def answer(self, value: None) -> None:  # noqa: ARG002
        self.slot.publish(self.result)

    def fail(self, error: ActorError) -> None:
        result = self.result
        self.slot.publish(_unsaved(result, error) if result.command in ABOUT_FAULTS else result)


def _unsaved(result: CommandResult, error: ActorError) -> CommandResult:
    if result.status != "applied":
        return result
    reason = str(UnsavedError(result.device_id, error))
    return msgspec.structs.replace(result, reason=reason)
