"""What every way to hold the connections to the broker has in common."""

from collections.abc import Iterator
from typing import Literal, NoReturn, Protocol

import structlog
import trio
from attrs import define, field, frozen

from iotmock.actors.errors import WireDownError
from iotmock.actors.ports.wire import Connection, Terms, Wire

log = structlog.get_logger()


@frozen
class LinkStatistics:
    """How the fleet is connected: `connected` of `connections`, `connects` since the start."""

    model: str
    state: Literal["connecting", "connected"]
    broker: str
    connections: int
    connected: int
    connects: int
    connect_failures: int
    last_error: str | None
    incoming_dropped: int = 0
    """Messages at QoS 0 that came in faster than they were read."""
    terms: Terms = field(factory=Terms)

    @property
    def is_whole(self) -> bool:
        """Whether every connection is open that should be."""
        return self.connected >= self.connections


class Links(Protocol):
    """Keeps the connections to the broker up."""

    async def run(self, task_status: trio.TaskStatus[None] = trio.TASK_STATUS_IGNORED) -> None:
        """Keep them up until cancelled; started with the first attempt's outcome."""
        ...

    def drop(self, share: float = 1.0) -> None:
        """Close a share of the connections without DISCONNECT; they come back by themselves."""
        ...

    def hear_more(self) -> None:
        """Subscribe to what has come to the dialect since its connections were made."""
        ...

    def statistics(self) -> LinkStatistics:
        """Return the state of now."""
        ...

    def problems(self) -> Iterator[str]:
        """See `Part`."""
        ...


def not_open(what: str, broker: str, reason: str | None) -> str:
    """Return the sentence for `/health` about connections that should be open."""
    return (
        f"{what} to the broker {broker}: {reason or 'not tried yet'}; see that it runs, and that "
        "MQTT_BROKER_HOST, MQTT_BROKER_PORT, MQTT_USERNAME and MQTT_PASSWORD are right; it is "
        "tried again by itself"
    )


def not_heard(broker: str) -> str:
    """Return the sentence for `/health` about subscriptions without an answer."""
    return (
        f"the broker {broker} does not answer a subscription: commands over MQTT are not heard; it "
        "is asked again by itself; see what its log says, and that this user may subscribe"
    )


TOO_MANY = (
    "a connection per device needs more open files than the {} that are allowed; raise the limit "
    "with ulimit -n, or use MQTT_CONNECTIONS=pool:N"
)


PATIENCE_S = 1.0
"""How long a connection that is to be made anew waits for nothing to be on its way."""


class RenewalError(WireDownError):
    """A connection ends so that the next one shows something that is valid for longer."""

    def __init__(self) -> None:
        super().__init__("connects again, before what let it in expires")


async def renew_in_time(wire: Wire, connection: Connection) -> NoReturn:
    """End a connection before what let it in expires.

    Raises:
        RenewalError: now.
    """
    await trio.sleep_until(wire.renews_at)
    with trio.move_on_after(PATIENCE_S):
        await connection.wait_settled()
    raise RenewalError


@define(eq=False)
class Complaints:
    """Why there is no connection."""

    last: str | None = None
    """The latest reason, until there is a connection again."""
    failures: int = 0
    """Connections that did not come about, rather than were lost."""

    def add(self, reason: str, *, lost: bool, **where: str) -> None:
        """Note, and log, why a connection did not come about or was lost."""
        self.last = reason
        self.failures += not lost
        log.warning(
            "no connection to the broker; will keep trying",
            kind="lost" if lost else "not made",
            reason=reason,
            **where,
        )

    def clear(self) -> None:
        """Note that there is a connection."""
        self.last = None
