"""Why a request of the client came to nothing, in one line for the user."""

from iotmock.client.answers.devices import CommandResult
from iotmock.client.answers.problem import FieldFault


def plain(text: str) -> str:
    """Return a text from elsewhere without what a terminal would act upon."""
    return text if text.isprintable() else ascii(text)[1:-1]


class ClientError(Exception):
    """The family: `exit_code` is what the process ends with."""

    exit_code = 2

    def __str__(self) -> str:
        """It quotes what was answered."""
        return plain(super().__str__())


class UnreachableError(ClientError):
    """No service answers, or what answers is none."""


class UsageError(ClientError):
    """What was asked for makes no sense."""


class RefusedError(ClientError):
    """The service said no: `status` is that of HTTP, the rest is of its problem document.

    `kind` is the name of the problem (RFC 9457), as unknown-device; `errors` says what is wrong
    with which field of the body; `result` is what a device said that rejected a command.
    """

    exit_code = 1

    def __init__(self, text: str, kind: str = "", status: int = 0) -> None:
        super().__init__(text)
        self.kind, self.status = kind, status
        self.errors: tuple[FieldFault, ...] = ()
        self.result: CommandResult | None = None
