"""What the OpenAPI document says of the token, where there is one."""

from collections.abc import Iterable
from typing import Any

from iotmock.rest.document.responses import common_responses, reference
from iotmock.rest.operation import Operation

Json = dict[str, Any]

_NAME = "token"
_SCHEME = {"type": "http", "scheme": "bearer", "description": "the service's API_TOKEN"}


def say_who_may(document: Json, operations: Iterable[Operation]) -> None:
    """Add the token to a document, and to all operations but the open ones."""
    document["components"]["responses"] |= common_responses([401])
    document["components"]["securitySchemes"] = {_NAME: _SCHEME}
    document["security"] = [{_NAME: []}]
    for operation in operations:
        described = document["paths"][operation.documented_path][operation.method.lower()]
        if operation.is_open:
            described["security"] = []
        else:
            described["responses"]["401"] = reference(401)
