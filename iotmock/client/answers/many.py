"""What became of something that was done to many devices."""

from typing import Any

import msgspec

from iotmock.client.answers.devices import CommandResult, DeviceInfo


class Failure(msgspec.Struct, frozen=True):
    """A device for which it was not done, and why."""

    device_id: str
    reason: str


class DeletedDevices(msgspec.Struct, frozen=True):
    """How many devices were deleted; at most a thousand failures are told."""

    deleted: int
    failed: int
    failures: list[Failure]


class CommandResults(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a command for many; the lists hold a thousand at most."""

    applied: int = 0
    rejected: int = 0
    failed: int = 0
    results: list[CommandResult]
    failures: list[Failure]


class OperationResult(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one operation of a batch: as if it had been a request of its own."""

    op: str
    device_id: str | None
    status: int
    device: DeviceInfo | None = None
    problem: dict[str, Any] | None = None


class BatchAnswer(msgspec.Struct, frozen=True):
    """What became of each operation, in their order."""

    succeeded: int
    failed: int
    results: list[OperationResult]
