"""The page of a run, served on this machine for as long as a block lasts."""

import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import trio
from quart import Response, abort, request
from quart_trio import QuartTrio
from werkzeug.exceptions import HTTPException, NotFound

from iotmock.metrics.http import HttpCounts
from iotmock.rest.gate.application import GatedApplication
from iotmock.rest.http.responses import answer_http, respond, respond_problem
from iotmock.rest.intake.bodies import JSON
from iotmock.rest.operation import Answer
from iotmock.rest.page.routes import PageRoutes
from iotmock.rest.problems import Problem
from iotmock.rest.server import Limits, Server, listen
from iotmock.soak.web.watch import Watch
from iotmock.web.site import FOLDER

_HOST = "127.0.0.1"
_FRESH = {"Cache-Control": "no-store"}
_REPORT = "report.html"
_SAVED = {**_FRESH, "Content-Disposition": f"attachment; filename={_REPORT}"}
"""To be kept: it outlives the run, whose page does not."""
_LONGEST_PATH = 200
_THERE = f"a run has a page at /, what it shows at /api/v1/soak, and once it has ended /{_REPORT}"


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

    async def report() -> Response:
        files = watch.left.files if watch.left else ()
        page = next((file for file in files if file.name == _REPORT), None) or abort(404)
        content = await trio.to_thread.run_sync(page.read_bytes)
        return await respond(Answer(content, headers=_SAVED), "text/html; charset=utf-8")

    app.add_url_rule("/", "root", root)
    app.add_url_rule(f"/{_REPORT}", "report", report)
    app.add_url_rule(f"{FOLDER}<path:name>", "file", file)
    app.add_url_rule("/api/v1/soak", "so_far", so_far)
    app.register_error_handler(HTTPException, answer_http)
    app.register_error_handler(NotFound, _not_found)
    return app


async def _not_found(_: NotFound) -> Response:
    detail = f"there is nothing at {request.path[:_LONGEST_PATH]}: {_THERE}"
    return respond_problem(Problem("about:blank", "Not Found", 404, detail))
