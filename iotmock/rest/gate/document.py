"""What the OpenAPI document says of the token, where there is one."""

from collections.abc import Iterable
from http import HTTPStatus
from typing import Any

from iotmock.rest.operation import Operation
from iotmock.rest.problems import PROBLEM_JSON

Json = dict[str, Any]

_NAME = "token"
_SCHEME = {"type": "http", "scheme": "bearer", "description": "the service's API_TOKEN"}
_UNAUTHORIZED: Json = {
    "description": HTTPStatus.UNAUTHORIZED.phrase,
    "headers": {"WWW-Authenticate": {"description": "RFC 6750", "schema": {"type": "string"}}},
    "content": {PROBLEM_JSON: {"schema": {"$ref": "#/components/schemas/Problem"}}},
}


def say_who_may(document: Json, operations: Iterable[Operation]) -> None:
    """Add the token to a document, and to all operations but the open ones."""
    document["components"]["securitySchemes"] = {_NAME: _SCHEME}
    document["security"] = [{_NAME: []}]
    for operation in operations:
        path = operation.path.replace("<", "{").replace(">", "}")
        described = document["paths"][path][operation.method.lower()]
        if operation.is_open:
            described["security"] = []
        else:
            described["responses"]["401"] = _UNAUTHORIZED
