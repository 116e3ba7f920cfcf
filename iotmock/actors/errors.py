"""Why an actor could not do what it was asked; each says what the caller can do."""

from collections.abc import Iterator
from typing import TypeVar

ErrorT = TypeVar("ErrorT", bound=BaseException)


class ActorError(Exception):
    """The family of errors that actors answer with."""

    was_done = False
    """Whether what was asked for is, or will be, carried out all the same."""


class UnknownDeviceError(ActorError):
    """There is no such device."""

    def __init__(self, device_id: str) -> None:
        super().__init__(f"there is no device {device_id[:64]!r}")
        self.device_id = device_id


class DeviceExistsError(ActorError):
    """The id is taken."""

    def __init__(self, device_id: str) -> None:
        super().__init__(f"device {device_id!r} exists already; choose another device_id")
        self.device_id = device_id


class DeviceLeftOutError(ActorError):
    """The id is of a device that is kept and does not run."""

    def __init__(self, device_id: str, reason: str) -> None:
        super().__init__(
            f"device {device_id!r} is kept and does not run: {reason}; restart with what it is "
            "made of, or delete it first"
        )
        self.device_id = device_id


class DeviceChangedError(ActorError):
    """The device is not as the asker believed when it asked for a change."""

    def __init__(self, device_id: str) -> None:
        super().__init__(f"{device_id} has changed meanwhile; get it again and look")
        self.device_id = device_id


class DeviceBusyError(ActorError):
    """The inbox of the device is full."""

    def __init__(self, device_id: str) -> None:
        super().__init__(f"the inbox of {device_id} is full; try again")


class DeviceRestartingError(ActorError):
    """The device failed and is about to be restarted; nothing of this request was kept."""

    def __init__(self, device_id: str) -> None:
        super().__init__(f"{device_id} failed and is restarting; try again")


class DeviceFailedError(ActorError):
    """The device has failed too often and is left in status error."""

    def __init__(self, device_id: str) -> None:
        super().__init__(f"{device_id} is in status error; the command reboot starts it again")


class DeviceGoneError(ActorError):
    """The device was deleted, or the service is stopping."""

    def __init__(self, device_id: str) -> None:
        super().__init__(f"{device_id} was deleted or is shutting down")


class DeviceOfflineError(ActorError):
    """The device is offline and does not hear MQTT."""

    def __init__(self, device_id: str) -> None:
        super().__init__(f"{device_id} is offline and hears only set_online over MQTT")


class UnknownFaultError(ActorError):
    """The device has no such fault."""

    def __init__(self, device_id: str, fault_id: str) -> None:
        super().__init__(f"{device_id} has no fault {fault_id[:64]!r} that could be cleared")


class FaultExistsError(ActorError):
    """The device has a fault of this id."""

    def __init__(self, device_id: str, fault_id: str) -> None:
        super().__init__(f"{device_id} has a fault {fault_id!r} already; choose another fault_id")


class UnknownFleetError(ActorError):
    """There is no such fleet."""

    def __init__(self, name: str) -> None:
        super().__init__(f"there is no fleet {name[:64]!r}")


class FleetExistsError(ActorError):
    """The name of a fleet, or an id that its devices would have, is taken."""


class FleetGoesError(ActorError):
    """The fleet is being deleted."""

    def __init__(self, name: str) -> None:
        super().__init__(f"fleet {name!r} is being deleted")


class IdReservedError(ActorError):
    """The id is one that a fleet makes devices of."""

    def __init__(self, device_id: str, fleet: str) -> None:
        super().__init__(
            f"{device_id!r} is an id of fleet {fleet!r}; scale that, or choose another"
        )


class TooManyDevicesError(ActorError):
    """There is no room for another device."""

    def __init__(self, most: int) -> None:
        super().__init__(f"there are {most:,} devices, with those that fleets want; no more fit")


class StoppingError(ActorError):
    """The service is stopping."""

    def __init__(self) -> None:
        super().__init__("the service is stopping; nothing was changed")


class SteppingError(ActorError):
    """Time can not be moved by hand as things are."""


class StepTimeoutError(ActorError):
    """A step takes longer than its caller waits."""

    def __init__(self, patience_s: float, waiting: int, *, has_begun: bool) -> None:
        super().__init__(
            f"not done within {patience_s:g} s, {waiting} messages wait for the broker's answer; "
            "time goes on to where it was to go, and nothing is lost"
            if has_begun
            else f"not begun within {patience_s:g} s, as an earlier step goes on: ask again"
        )
        self.was_done = has_begun


class TooManyListenersError(ActorError):
    """As many listen to the stream as may."""

    def __init__(self, most: int) -> None:
        super().__init__(f"{most} listen already, as many as STREAM_LISTENERS lets; try again")


class StorageError(ActorError):
    """The registry could not be written; the change was not made."""


class UnreadableError(StorageError):
    """A file could not be read; nothing was to be changed."""


class UnsavedError(StorageError):
    """A device has done what it was asked, but that could not be saved."""

    was_done = True

    def __init__(self, device_id: str, why: ActorError) -> None:
        super().__init__(
            f"{device_id} has done it, but it is not saved yet: {why}; it is saved as soon as the "
            "file can be written, and lost if the service ends before"
        )


class WireDownError(Exception):
    """There is no connection to the broker, and why in plain words."""


def leaves(group: BaseExceptionGroup[ErrorT]) -> Iterator[ErrorT]:
    """Yield the errors in a group, and in the groups that it may hold."""
    for error in group.exceptions:
        if isinstance(error, BaseExceptionGroup):
            yield from leaves(error)
        else:
            yield error
