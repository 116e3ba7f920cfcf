"""Why a command of the client came to nothing, in one line for the user."""


class ClientError(Exception):
    """The family: `exit_code` is what the process ends with."""

    exit_code = 2


class UnreachableError(ClientError):
    """No service answers, or what answers is none."""


class UsageError(ClientError):
    """What was asked for makes no sense."""


class RefusedError(ClientError):
    """The service said no, with an HTTP status.

    `kind` is the name of its problem (RFC 9457), as unknown-device.
    """

    exit_code = 1

    def __init__(self, text: str, kind: str = "", status: int = 0) -> None:
        super().__init__(text)
        self.kind, self.status = kind, status
