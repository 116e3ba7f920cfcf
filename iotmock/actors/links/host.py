"""The host that a fleet speaks for, as far as it says whether it listens."""

from attrs import define

from iotmock.actors.errors import WireDownError
from iotmock.actors.messages import IncomingHost


class HostAwayError(WireDownError):
    """The host does not listen any more, so that the connection ends; the next one waits for it."""

    def __init__(self) -> None:
        super().__init__("the host is away")


@define(eq=False)
class Host:
    """What was heard of it last, over whichever connection."""

    is_there: bool = False
    at: int = 0

    def note(self, news: IncomingHost) -> None:
        """Take in what it says, unless something later is known."""
        if news.at >= self.at:
            self.is_there, self.at = news.is_there, news.at
