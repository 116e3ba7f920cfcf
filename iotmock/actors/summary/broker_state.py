"""The connections to the broker, as clients see them."""

from typing import Literal

import msgspec

from iotmock.actors.links.links import LinkStatistics

_Link = Literal["connecting", "connected"]


class BrokerState(msgspec.Struct, frozen=True):
    """The connections to the broker: `open` of `connections`, as MQTT_CONNECTIONS wants them.

    `qos` is that of data as it goes out, `retained` whether statuses are: the broker may allow less
    than is wanted. `refusals` are how many messages it has refused, by the reason that it gave.
    """

    connected: bool
    state: _Link
    broker: str
    model: str
    connections: int
    open: int
    connects: int
    connect_failures: int
    last_error: str | None
    qos: int
    retained: bool
    refusals: dict[str, int]

    @classmethod
    def of(cls, links: LinkStatistics) -> "BrokerState":
        """Return the state of now."""
        return cls(
            connected=links.state == "connected",
            state=links.state,
            broker=links.broker,
            model=links.model,
            connections=links.connections,
            open=links.connected,
            connects=links.connects,
            connect_failures=links.connect_failures,
            last_error=links.last_error,
            qos=links.terms.qos,
            retained=links.terms.retained,
            refusals=dict(links.terms.refusals),
        )
