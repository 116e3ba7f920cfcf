"""The OpenAPI 3.1 document, from the same rows and types that serve the requests.

Not by quart-schema: it describes every answer as application/json, problem documents too, and
it would need each row again as decorators.
"""

from collections.abc import Iterator, Mapping, Sequence
from http import HTTPStatus
from inspect import getdoc
from typing import Any

import msgspec

from iotmock.model.fleet import NAME_PATTERN
from iotmock.model.spec import ID_PATTERN
from iotmock.rest.document.meanings import say_what_they_mean
from iotmock.rest.document.responses import ABOUT, common_responses, reference
from iotmock.rest.handle.idempotency import HEADER, KEY_PATTERN
from iotmock.rest.operation import Operation
from iotmock.rest.problems import Problem

Json = dict[str, Any]

_REPORT_FILE = r"(report\.html|report\.json|junit\.xml)"
_OF_BODIES = (400, 408, 413, 415, 422)


def _in_path(name: str, pattern: str, description: str) -> Json:
    schema = {"type": "string", "pattern": f"^{pattern}$"}
    return {
        "name": name,
        "in": "path",
        "required": True,
        "description": description,
        "schema": schema,
    }


_IN_PATHS = {
    "<device_id>": _in_path("device_id", ID_PATTERN, "the device's id"),
    "<fault_id>": _in_path("fault_id", ID_PATTERN, "the fault's id"),
    "<fleet>": _in_path("fleet", NAME_PATTERN, "the fleet's name"),
    "<sites>": _in_path("sites", NAME_PATTERN, "the sites' name"),
    "<path:run>": _in_path("run", ".+", "the run, as the list of reports has it"),
    "<report_file>": _in_path("report_file", _REPORT_FILE, "one of these"),
}
_IDEMPOTENCY_KEY = {
    "name": HEADER,
    "in": "header",
    "description": "sent again with the same body within a day, the answer is the same",
    "schema": {"type": "string", "pattern": f"^{KEY_PATTERN}$"},
}
_OF_KEYS = (422, 429)
"""An Idempotency-Key that was used for something else; too many requests that wait for one."""
_OF_THE_GATE = (403, 421)
_LOCATION = {"Location": {"description": "where it is", "schema": {"type": "string"}}}
_HEADERS: Mapping[int, Json] = {201: _LOCATION, 202: _LOCATION, 302: _LOCATION}
_ETAG = {"ETag": {"description": "the device's version", "schema": {"type": "string"}}}
_LINK = {"Link": {"description": "first, prev, next, last", "schema": {"type": "string"}}}


def build_document(
    operations: Sequence[Operation], device_types: Sequence[str], version: str
) -> Json:
    """Return the document; `device_types` are the values that a device type may have."""
    paths: dict[str, Json] = {}
    for operation in operations:
        described = _describe(operation, device_types)
        paths.setdefault(operation.documented_path, {})[operation.method.lower()] = described
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "iotmock",
            "version": version,
            "summary": "Simulated energy devices",
            "description": ABOUT,
        },
        # Relative to where the document is, so that it is right under any path of a proxy.
        "servers": [{"url": "."}],
        "paths": paths,
        "components": {
            "schemas": _components(operations, device_types),
            "responses": common_responses(set[int]().union(*map(_problems, operations))),
        },
    }


def _components(operations: Sequence[Operation], device_types: Sequence[str]) -> Json:
    bodies = [operation.body for operation in operations if operation.body]
    types = [*bodies, *(operation.answer for operation in operations), Problem]
    components = _schemas(types)[1]
    for name in _schemas(bodies)[1]:
        _enumerate(components[name].get("properties", {}), device_types)
    say_what_they_mean(components)
    return components


def _schemas(types: Sequence[Any]) -> tuple[list[Json], Json]:
    schemas, components = msgspec.json.schema_components(
        types, ref_template="#/components/schemas/{name}"
    )
    return list(schemas), components


def _enumerate(properties: Json, device_types: Sequence[str]) -> None:
    # Which types there are is known only when the service is put together.
    if "device_type" in properties:
        properties["device_type"]["enum"] = list(device_types)


def _describe(operation: Operation, device_types: Sequence[str]) -> Json:
    summary, _, more = (getdoc(operation.handler) or "").partition("\n\n")
    description: Json = {
        "operationId": operation.name,
        "tags": [_tag(operation.path)],
        "summary": summary,
        "description": " ".join(more.split()),
        "parameters": [*_parameters(operation, device_types), *_conditions(operation)],
        "responses": {str(status): answer for status, answer in _responses(operation)},
    }
    if operation.body:
        content: Json = {}
        for media_type in operation.media_types:
            content |= _content(media_type, operation.body)
            content[media_type]["example"] = operation.body.example
        description["requestBody"] = {"required": True, "content": content}
    return description


def _tag(path: str) -> str:
    return path.split("/")[3].partition(":")[0] if path.startswith("/api/v1/") else "service"


def _parameters(operation: Operation, device_types: Sequence[str]) -> Iterator[Json]:
    yield from (parameter for name, parameter in _IN_PATHS.items() if name in operation.path)
    if operation.method == "POST":
        yield _IDEMPOTENCY_KEY
    if operation.query:
        query = _schemas([operation.query])[1][operation.query.__name__]
        _enumerate(query["properties"], device_types)
        for name, schema in query["properties"].items():
            said = {"description": schema.pop("description", "")}
            # An empty value is as good as none.
            empty = {"required": True} if name in query["required"] else {"allowEmptyValue": True}
            yield {"name": name, "in": "query"} | empty | said | {"schema": schema}


def _conditions(operation: Operation) -> Iterator[Json]:
    for name, meaning in operation.conditions.items():
        schema = {"type": "string"}
        yield {"name": name, "in": "header", "description": meaning, "schema": schema}


def _responses(operation: Operation) -> Iterator[tuple[int, Json]]:
    yield operation.status, _response(operation)
    if "If-None-Match" in operation.conditions:
        yield 304, {"description": "The client has this version.", "headers": _ETAG}
    for status in sorted(_problems(operation)):
        yield status, reference(status)


def _problems(operation: Operation) -> set[int]:
    statuses = {503, *_OF_THE_GATE, *operation.problems}
    statuses |= {412} if operation.conditions else set()
    if "<" in operation.path:
        statuses.add(404)
    if operation.query:
        statuses.add(422)
    if operation.method == "POST":
        statuses.update(_OF_KEYS)
    return statuses.union(_OF_BODIES if operation.body else ())


def _response(operation: Operation) -> Json:
    headers = dict(_HEADERS.get(operation.status, {}))
    headers |= _ETAG if operation.tagged else {}
    headers |= _LINK if operation.pages else {}
    response: Json = {"description": HTTPStatus(operation.status).phrase}
    if operation.answer:
        response["content"] = _content(operation.media_type, operation.answer)
    return response | ({"headers": headers} if headers else {})


def _content(media_type: str, type_: Any) -> Json:
    return {media_type: {"schema": _schemas([type_])[0][0]}}
