"""The embedded broker as a process of its own: `python -m iotmock.mqtt.embedded.broker`.

Its standard input is one line of JSON, {"host", "port", "username", "password"}, and then nothing:
when it ends, so does the broker, and thus it can not outlive its parent, whatever becomes of that.
Its standard output is one line of JSON: {"host", "port"}, or {"error"}.
"""

import asyncio
import errno
import json
import logging
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from amqtt.broker import Broker
from amqtt.errors import BrokerError
from amqtt.session import Session

from iotmock.uncollected import exit_uncollected

_REASONS = {
    errno.EADDRINUSE: "another process has the port",
    errno.EADDRNOTAVAIL: "it is no address of this machine",
}
_LOGIN = "iotmock.mqtt.embedded.broker_login.OneUserPlugin"
_SHUTDOWN_S = 2.0


class _Subscriptions(dict[str, list[Any]]):
    """Who has which filter. It may change while somebody walks through it.

    amqtt awaits in the middle of its walks: a client that came or went meanwhile ended them, and
    with them the connection that was just made, or the way of a message to all others.
    """

    def __iter__(self) -> Iterator[str]:
        return iter(list(self.keys()))

    def items(self) -> Any:
        """Return what there is now, as a copy."""
        return [(topic_filter, list(holders)) for topic_filter, holders in super().items()]


class _Broker(Broker):  # type: ignore[misc]  # amqtt has no types
    def __init__(self, config: dict[str, Any]) -> None:
        super().__init__(config)
        self._subscriptions = _Subscriptions()

    async def _publish_retained_messages_for_subscription(
        self, subscription: tuple[str, int], session: Session
    ) -> None:
        """Send to who has the filter: amqtt would send a newcomer what others asked for."""
        holders = self._subscriptions.get(subscription[0], ())
        if any(holder is session for holder, _ in holders):
            await super()._publish_retained_messages_for_subscription(subscription, session)


def _config(wanted: dict[str, Any]) -> dict[str, Any]:
    return {
        "listeners": {"default": {"type": "tcp", "bind": f"{wanted['host']}:{wanted['port']}"}},
        "plugins": {_LOGIN: {"username": wanted["username"], "password": wanted["password"]}},
    }


async def _serve(wanted: dict[str, Any]) -> int:
    broker = _Broker(_config(wanted))
    try:
        await broker.start()
    except BrokerError as error:
        _say({"error": _why(error)})
        return 1
    _say({"host": wanted["host"], "port": _bound_port(broker)})
    await asyncio.to_thread(sys.stdin.read)
    # Python 3.12.1 waits for connections that amqtt has left open.
    with suppress(TimeoutError):
        await asyncio.wait_for(broker.shutdown(), _SHUTDOWN_S)
    return 0


def _bound_port(broker: Broker) -> int:
    # amqtt tells the port it was given by the system only here.
    server = broker._servers["default"].instance
    return int(server.sockets[0].getsockname()[1])


def _why(error: BaseException) -> str:
    while error.__cause__ is not None:
        error = error.__cause__
    number = error.errno if isinstance(error, OSError) else None
    return _REASONS.get(number or 0) or str(error)


def _say(line: dict[str, Any]) -> None:
    with suppress(BrokenPipeError):  # who started us is gone, and so soon are we
        os.write(sys.stdout.fileno(), json.dumps(line).encode() + b"\n")


def main() -> None:
    """Serve until standard input ends."""
    # Ctrl-C at a terminal goes to the whole group; the parent decides when the broker ends.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    logging.basicConfig(level=logging.ERROR, stream=sys.stderr)
    for chatty in ("amqtt", "asyncio"):
        logging.getLogger(chatty).setLevel(logging.CRITICAL)
    if line := sys.stdin.readline():
        exit_uncollected(asyncio.run(_serve(json.loads(line))))


if __name__ == "__main__":
    main()
