"""Why a service does not serve, beside its settings and its files."""


class ServiceError(Exception):
    """The service can not start, and what to do."""


class InterruptedStartError(Exception):
    """A signal ended the start; `code` is the exit code that a shell shows for it."""

    def __init__(self, number: int) -> None:
        super().__init__("interrupted while starting")
        self.code = 128 + number
