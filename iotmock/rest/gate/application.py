"""The application behind its gate: nothing is routed before it was judged."""

import msgspec
from attrs import frozen
from quart import Response
from quart.wrappers import BaseRequestWebsocket, Request
from quart_trio.wrappers.response import TrioResponse
from werkzeug.routing import MapAdapter

from iotmock.rest.asgi import Answered, Application, without_body
from iotmock.rest.gate.gate import Gate, Verdict
from iotmock.rest.gate.knock import Knock
from iotmock.rest.gate.origins import Headers
from iotmock.rest.problems import PROBLEM_JSON

_ANY_HOST = "localhost"


@frozen
class OpenPaths:
    """What needs no token: single paths, and folders of static files, which end with a slash."""

    paths: frozenset[str] = frozenset()
    folders: tuple[str, ...] = ()

    def __contains__(self, path: str) -> bool:
        return path in self.paths or path.startswith(self.folders)


class GatedApplication(Application):
    """An application that answers only whom its gate lets in, also where there is no such path."""

    gate = Gate()
    open_paths = OpenPaths()

    async def handle_request(self, request: Request) -> Answered:
        """Answer a request, or say why not; and let the pages that may read the answer."""
        knock = Knock.of(request.scope, is_open=request.path in self.open_paths)
        verdict, headers = self.gate.judge(knock), self.gate.headers_for(knock)
        if verdict is not None:
            return _answer(verdict, headers)
        response = await super().handle_request(request)
        response.headers.extend(headers)
        return response

    def create_url_adapter(self, request: BaseRequestWebsocket | None) -> MapAdapter | None:
        """Route by the path alone.

        Quart routes by the host, too, and what werkzeug does not like about one (63 letters and a
        port) it raises where no handler is: it would end the connection, and once the server.
        """
        if request is None:
            return super().create_url_adapter(None)
        return self.url_map.bind(
            _ANY_HOST,
            request.root_path,
            url_scheme=request.scheme,
            default_method=request.method,
            path_info=request.path,
            query_args=request.query_string.decode("latin-1"),
        )


def _answer(verdict: Verdict, headers: Headers) -> Response:
    headers = headers | verdict.headers
    if verdict.problem is None:
        return without_body(TrioResponse(b"", headers=headers), 204)
    body = msgspec.json.encode(verdict.problem)
    return TrioResponse(body, verdict.problem.status, headers, content_type=PROBLEM_JSON)
