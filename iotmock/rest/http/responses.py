"""From an answer to what goes out: JSON, a text, nothing, a stream, or a problem."""

from collections.abc import Mapping

import msgspec
from quart import Response, request
from quart_trio.wrappers.response import TrioResponse
from werkzeug.exceptions import HTTPException, NotFound

from iotmock.rest import problems
from iotmock.rest.asgi import without_body
from iotmock.rest.http.compression import WORTH_IT, compressed, takes_gzip
from iotmock.rest.operation import Answer
from iotmock.rest.prefix import prefix_here
from iotmock.rest.problems import PROBLEM_JSON, Problem
from iotmock.rest.stream.body import EventBody

_RETRY_AFTER_S = 1


async def respond(answer: Answer, media_type: str) -> Response:
    """Return the response that an answer is."""
    content = answer.content
    if content is None:
        return without_body(TrioResponse(b"", headers=answer.headers), answer.status)
    if isinstance(content, Problem):
        return respond_problem(content, answer.headers)
    if isinstance(content, EventBody):
        return _respond_endlessly(content, answer, media_type)
    text = content.encode() if isinstance(content, str) else content
    body = text if isinstance(text, bytes) else msgspec.json.encode(text)
    if len(body) >= WORTH_IT and "ETag" not in answer.headers:
        return await _respond_long(body, answer, media_type)
    return TrioResponse(body, answer.status, answer.headers, content_type=media_type)


async def _respond_long(body: bytes, answer: Answer, media_type: str) -> Response:
    headers = {**answer.headers, "Vary": "Accept-Encoding"}
    if takes_gzip(request.headers.get("Accept-Encoding", "")):
        headers["Content-Encoding"] = "gzip"
        body = await compressed(body)
    return TrioResponse(body, answer.status, headers, content_type=media_type)


def _respond_endlessly(body: EventBody, answer: Answer, media_type: str) -> Response:
    response = TrioResponse(body, answer.status, answer.headers, content_type=media_type)
    response.timeout = None
    return response


def respond_problem(problem: Problem, headers: Mapping[str, str] | None = None) -> Response:
    """Return the response that a problem is."""
    body = msgspec.json.encode(problem)
    response = TrioResponse(body, problem.status, dict(headers or {}), content_type=PROBLEM_JSON)
    if problem.status in {429, 503}:
        response.headers["Retry-After"] = str(_RETRY_AFTER_S)
    return response


async def answer_http(error: HTTPException) -> Response:
    """Answer what HTTP itself has a status for."""
    prefix = prefix_here.get()
    if isinstance(error, NotFound) and prefix and request.path == prefix:
        # The page's own links are relative to /sim/, and lead elsewhere from /sim.
        return without_body(TrioResponse(b"", headers={"Location": "/"}), 302)
    response = respond_problem(problems.of_http(error, request.method, request.path, prefix))
    for name, value in error.get_headers():
        if name != "Content-Type":
            response.headers[name] = value  # such as Allow
    return response
