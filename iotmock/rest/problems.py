"""Whatever goes wrong, as a client sees it: problem documents of RFC 9457."""

from collections.abc import Iterator
from http import HTTPStatus

import msgspec
from attrs import frozen
from msgspec import UNSET, UnsetType
from werkzeug.exceptions import HTTPException, MethodNotAllowed, NotFound

from iotmock.actors.definitions.draft import InvalidFleetError
from iotmock.actors.errors import (
    ActorError,
    DeviceBusyError,
    DeviceChangedError,
    DeviceExistsError,
    DeviceFailedError,
    DeviceGoneError,
    DeviceLeftOutError,
    DeviceRestartingError,
    FaultExistsError,
    FleetExistsError,
    FleetGoesError,
    IdReservedError,
    SteppingError,
    StepTimeoutError,
    StoppingError,
    StorageError,
    TooManyDevicesError,
    TooManyListenersError,
    UnknownDeviceError,
    UnknownFaultError,
    UnknownFleetError,
    UnreadableError,
    UnsavedError,
)
from iotmock.actors.messages import CommandResult
from iotmock.model.family import UnknownDeviceTypeError, UnknownProfileError
from iotmock.model.spec import InvalidFieldError
from iotmock.wording.faults import MOST_FAULTS
from iotmock.wording.words import one_of

PROBLEM_JSON = "application/problem+json"
_LONGEST_PATH = 100


class Fault(msgspec.Struct, frozen=True):
    """One field of a request that is not what it must be."""

    field: str
    message: str


class Problem(msgspec.Struct, frozen=True):
    """Why a request was not carried out (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str
    errors: list[Fault] | UnsetType = UNSET
    result: CommandResult | UnsetType = UNSET


class InvalidRequestError(Exception):
    """Fields of a body or of a query are not what they must be."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("; ".join(f"{fault.field}: {fault.message}" for fault in faults))
        self.faults = faults


@frozen
class _Sort:
    status: HTTPStatus
    name: str
    title: str

    def problem(self, detail: str) -> Problem:
        return Problem(f"urn:iotmock:problem:{self.name}", self.title, self.status, detail)


_INVALID = _Sort(HTTPStatus.UNPROCESSABLE_ENTITY, "invalid-fields", "Fields are not valid")
_REJECTED = _Sort(HTTPStatus.UNPROCESSABLE_ENTITY, "command-rejected", "The command was rejected")
_FORBIDDEN = _Sort(HTTPStatus.CONFLICT, "device-state", "The device's state forbids it")
_OF_ACTORS: dict[type[ActorError], _Sort] = {
    UnknownDeviceError: _Sort(HTTPStatus.NOT_FOUND, "unknown-device", "There is no such device"),
    DeviceExistsError: _Sort(HTTPStatus.CONFLICT, "device-exists", "The device exists"),
    DeviceLeftOutError: _Sort(HTTPStatus.CONFLICT, "device-left-out", "The device does not run"),
    DeviceRestartingError: _Sort(
        HTTPStatus.CONFLICT, "device-restarting", "The device is restarting"
    ),
    DeviceFailedError: _Sort(HTTPStatus.CONFLICT, "device-failed", "The device has failed"),
    DeviceGoneError: _Sort(HTTPStatus.CONFLICT, "device-gone", "The device is gone"),
    DeviceChangedError: _Sort(
        HTTPStatus.PRECONDITION_FAILED, "device-changed", "The device has changed"
    ),
    DeviceBusyError: _Sort(HTTPStatus.TOO_MANY_REQUESTS, "device-busy", "The device is busy"),
    UnknownFaultError: _Sort(HTTPStatus.NOT_FOUND, "unknown-fault", "There is no such fault"),
    FaultExistsError: _Sort(HTTPStatus.CONFLICT, "fault-exists", "The fault exists"),
    UnknownFleetError: _Sort(HTTPStatus.NOT_FOUND, "unknown-fleet", "There is no such fleet"),
    FleetExistsError: _Sort(HTTPStatus.CONFLICT, "fleet-exists", "The fleet or its ids exist"),
    FleetGoesError: _Sort(HTTPStatus.CONFLICT, "fleet-goes", "The fleet is being deleted"),
    IdReservedError: _Sort(HTTPStatus.CONFLICT, "id-reserved", "The id belongs to a fleet"),
    TooManyDevicesError: _Sort(HTTPStatus.CONFLICT, "too-many-devices", "There is no room"),
    SteppingError: _Sort(
        HTTPStatus.CONFLICT, "time-runs", "Simulated time can not be moved by hand now"
    ),
    StepTimeoutError: _Sort(HTTPStatus.CONFLICT, "step-timeout", "The step is not done yet"),
    StoppingError: _Sort(HTTPStatus.SERVICE_UNAVAILABLE, "stopping", "The service is stopping"),
    TooManyListenersError: _Sort(
        HTTPStatus.SERVICE_UNAVAILABLE, "too-many-listeners", "Too many listen"
    ),
    StorageError: _Sort(HTTPStatus.SERVICE_UNAVAILABLE, "storage", "The change could not be saved"),
    UnreadableError: _Sort(
        HTTPStatus.SERVICE_UNAVAILABLE, "unreadable", "What is kept can not be read"
    ),
    UnsavedError: _Sort(HTTPStatus.SERVICE_UNAVAILABLE, "unsaved", "The change is not saved yet"),
}


_WHERE: dict[type[ActorError], str] = {
    UnknownDeviceError: "GET /api/v1/devices",
    UnknownFaultError: "GET /api/v1/devices/{device_id}/faults",
    UnknownFleetError: "GET /api/v1/fleets",
}


def of_actor(error: ActorError) -> Problem:
    """Return the problem that an actor answered with."""
    where = _WHERE.get(type(error))
    advice = f"; {where} lists those that there are" if where else ""
    return _OF_ACTORS.get(type(error), _FORBIDDEN).problem(f"{error}{advice}")


def of_rejection(result: CommandResult) -> Problem:
    """Return the problem of a command that the device refused, with the device's own answer."""
    problem = _REJECTED.problem(result.reason or "the device gave no reason")
    return msgspec.structs.replace(problem, result=result)


def of_faults(error: InvalidRequestError) -> Problem:
    """Return the problem that names the fields."""
    return _with_faults(error.faults)


def of_field(error: InvalidFieldError) -> Problem:
    """Return the problem of a field that the model refused."""
    return _with_faults(list(faults_of(error)))


def faults_of(error: InvalidFieldError) -> Iterator[Fault]:
    """Yield what is wrong with a field, or with each of its parts."""
    if not error.parts:
        yield Fault(error.field, error.message)
    for part in error.parts:
        yield Fault(f"{error.field}.{part.path}" if part.path else error.field, part.text)


def of_fleet(error: InvalidFleetError) -> Problem:
    """Return the problem of a fleet that can not be as it is asked for."""
    return _with_faults([Fault(fault.field, fault.message) for fault in error.faults])


def of_type(error: UnknownDeviceTypeError) -> Problem:
    """Return the problem of a device type that no family has."""
    return _with_faults([Fault("device_type", str(error))])


def of_profile(error: UnknownProfileError) -> Problem:
    """Return the problem of a profile that the device type has not."""
    return _with_faults([Fault("profile", str(error))])


def _with_faults(faults: list[Fault]) -> Problem:
    shown = faults[:MOST_FAULTS]
    detail = "; ".join(f"{fault.field}: {fault.message}" for fault in shown)
    return msgspec.structs.replace(_INVALID.problem(detail), errors=shown)


def of_http(error: HTTPException, method: str, path: str, prefix: str = "") -> Problem:
    """Return the problem for what HTTP itself has a status for; a proxy puts `prefix` before us."""
    status = HTTPStatus(error.code or HTTPStatus.INTERNAL_SERVER_ERROR)
    # RFC 9457, 4.2.1: about:blank says no more than the status does.
    return Problem("about:blank", status.phrase, status, _detail(error, method, path, prefix))


def _detail(error: HTTPException, method: str, path: str, prefix: str) -> str:
    if isinstance(error, NotFound):
        return f"there is nothing at {path[:_LONGEST_PATH]}: {prefix}/docs lists what there is"
    if isinstance(error, MethodNotAllowed):
        there = one_of(sorted({*(error.valid_methods or ())} - {"OPTIONS", "HEAD"}))
        return f"{path[:_LONGEST_PATH]} is not for {method[:_LONGEST_PATH]}, but for {there}"
    return error.description or HTTPStatus(error.code or 500).phrase
