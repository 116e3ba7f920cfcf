"""The page of a run, served on this machine for as long as a block lasts."""

import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from quart import Response, request
from quart_trio import QuartTrio
from werkzeug.exceptions import HTTPException

from iotmock.metrics.http import HttpCounts
from iotmock.rest.gate.application import GatedApplication
from iotmock.rest.http.responses import answer_http, respond
from iotmock.rest.intake.bodies import JSON
from iotmock.rest.operation import Answer
from iotmock.rest.page.routes import PageRoutes
from iotmock.rest.server import Limits, Server, listen
from iotmock.soak.web.watch import Watch
from iotmock.web.site import FOLDER

_HOST = "127.0.0.1"
_FRESH = {"Cache-Control": "no-store"}


@asynccontextmanager
async def showing(watch: Watch, port: int) -> AsyncIterator[str]:
    """Serve a run's page, and yield its address; port 0 takes a free one.

    Raises:
        OSError: the port is taken.
    """
    with socket.create_server((_HOST, port)) as listener:
        server = Server(listen(listener), Limits(), HttpCounts())
        async with server.serving(_application(watch)):
            yield f"http://{_HOST}:{server.port}/"


def _application(watch: Watch) -> QuartTrio:
    app = GatedApplication(__name__, static_folder=None)
    page = PageRoutes(of="soak")

    async def root() -> Response:
        return await respond(await page.get_root(), "text/html")

    async def file(name: str) -> Response:
        answer = await page.get_file(name)
        return await respond(answer, answer.media_type or JSON)

    async def so_far() -> Response:
        since_s = request.args.get("since", -1.0, type=float)
        return await respond(Answer(watch.so_far(since_s), headers=_FRESH), JSON)

    app.add_url_rule("/", "root", root)
    app.add_url_rule(f"{FOLDER}<path:name>", "file", file)
    app.add_url_rule("/api/v1/soak", "so_far", so_far)
    app.register_error_handler(HTTPException, answer_http)
    return app
