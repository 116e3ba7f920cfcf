"""Where alarms come from: topics of a broker, or an HTTP endpoint that a platform posts to."""

import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import trio
from quart import Response, request
from quart_trio import QuartTrio
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from iotmock.alarms.gathered import Gathered
from iotmock.broker.place import Place
from iotmock.metrics.http import HttpCounts
from iotmock.mqtt import Client, ConnectFailed, ConnectionLost, ConnectRefused, Subscription
from iotmock.rest.asgi import Application
from iotmock.rest.http.responses import answer_http, respond, respond_problem
from iotmock.rest.operation import Answer
from iotmock.rest.problems import Problem
from iotmock.rest.server import Limits, Server, listen

_RETRY_S = 0.5
_LONGEST_TOPIC = 100
_MOST_BYTES = 1 << 20
"""Of a posted body, as of an MQTT message here."""


async def listen_at_topics(
    place: Place,
    topic_filters: tuple[str, ...],
    gathered: Gathered,
    *,
    task_status: trio.TaskStatus[None] = trio.TASK_STATUS_IGNORED,
) -> None:
    """Take in what comes until cancelled; it has started when the broker has the subscription.

    Raises:
        MqttError: the first connection did not come about, or the broker refused a filter.
    """
    is_first, is_up = True, True
    while True:
        try:
            async with Client(place.host, place.port, place.options) as client:
                await client.subscribe(*[Subscription(one, qos=1) for one in topic_filters])
                if is_first:
                    task_status.started()
                elif not is_up:
                    gathered.note("the broker is back")
                is_first, is_up = False, True
                async for message in client.messages:
                    gathered.take(bytes(message.payload), message.topic[:_LONGEST_TOPIC])
        except (ConnectionLost, ConnectFailed, ConnectRefused) as error:
            if is_first:
                raise
            if is_up:
                gathered.note(f"{error}; waiting for the broker")
            is_up = False
        await trio.sleep(_RETRY_S)


@asynccontextmanager
async def webhook(host: str, port: int, gathered: Gathered) -> AsyncIterator[str]:
    """Take in what is posted to any path during the block; yield the address. Port 0: a free one.

    Raises:
        OSError: the port is taken.
    """
    with socket.create_server((host, port)) as listener:
        server = Server(listen(listener), Limits(), HttpCounts())
        async with server.serving(_application(gathered)):
            yield f"http://{host}:{server.port}/"


def _application(gathered: Gathered) -> QuartTrio:
    app = Application(__name__, static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = _MOST_BYTES

    async def take(path: str = "") -> Response:
        source = f"/{path[:_LONGEST_TOPIC]}"
        try:
            body = await request.get_data(cache=False, as_text=False, parse_form_data=False)
        except RequestEntityTooLarge:
            gathered.refuse(source, f"it has more than {_MOST_BYTES:,} bytes")
            raise
        wrong = gathered.take(body, source)
        if wrong is not None:
            return respond_problem(Problem("about:blank", "Bad Request", 400, wrong))
        return await respond(Answer(None, 204), "")

    app.add_url_rule("/", "root", take, methods=["POST", "PUT"])
    app.add_url_rule("/<path:path>", "take", take, methods=["POST", "PUT"])
    app.register_error_handler(HTTPException, answer_http)
    return app
