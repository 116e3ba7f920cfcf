"""Why the service did not do it."""

import msgspec

from iotmock.client.answers.devices import CommandResult


class FieldFault(msgspec.Struct, frozen=True):
    """What is wrong with a part of a body: `groups[1].count`."""

    field: str
    message: str


class Problem(msgspec.Struct, frozen=True):
    """A problem document (RFC 9457); `result` is what a device said that rejected a command."""

    title: str
    detail: str
    type: str = "about:blank"
    errors: tuple[FieldFault, ...] = ()
    result: CommandResult | None = None
