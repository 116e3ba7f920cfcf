"""What every answer may be beside the one that was asked for: described once, referred to often."""

from collections.abc import Iterable
from http import HTTPStatus
from typing import Any

from iotmock.rest.problems import PROBLEM_JSON

Json = dict[str, Any]

ABOUT = """
Power is in kW, voltage in V, current in A, energy in kWh, time in s; moments are UTC, RFC 3339.

**Errors** are problem details (RFC 9457, `application/problem+json`). `type` is for programs,
`detail` for people; `errors` names every field that is wrong, all at once:

```json
{"type": "urn:iotmock:problem:invalid-fields", "title": "Fields are not valid", "status": 422,
 "detail": "base_power: must be a number from 0.001 to 10,000 kW, not 0",
 "errors": [{"field": "base_power",
             "message": "must be a number from 0.001 to 10,000 kW, not 0"}]}
```
"""

_PROBLEM = {PROBLEM_JSON: {"schema": {"$ref": "#/components/schemas/Problem"}}}
_RETRY = {"Retry-After": {"description": "s to wait", "schema": {"type": "integer"}}}
_WHY = {
    400: "The body is not JSON, or nested too deep, or the request does not name one host.",
    401: "`API_TOKEN` is set, and the request does not show it.",
    403: "A web page of another host sent it, which is not in `HTTP_CORS_ORIGINS`.",
    404: "There is no such device, fleet, fault or path.",
    408: "The body did not come.",
    409: "The id exists, there is no room, or the state of the device or the fleet forbids it.",
    412: "The device is not the version that `If-Match` names: get it again.",
    413: "The body is over 64 KiB.",
    415: "The body has another `Content-Type`, or a `Content-Encoding`.",
    421: "It is for a host that the service does not know: `HTTP_ALLOWED_HOSTS`.",
    422: "Fields are not what they must be, all named in `errors`; or a command was rejected.",
    429: "The device's inbox is full: try again.",
    503: "The service starts, ends or is busy, or the change could not be saved: see `type`.",
}


def common_responses(statuses: Iterable[int]) -> Json:
    """Return `components/responses` for these statuses, by name."""
    return {_name(status): _response(status) for status in sorted(statuses)}


def reference(status: int) -> Json:
    """Return what an operation says of an answer that others have, too."""
    return {"$ref": f"#/components/responses/{_name(status)}"}


def _name(status: int) -> str:
    return HTTPStatus(status).phrase.title().replace(" ", "").replace("-", "")


def _response(status: int) -> Json:
    response: Json = {"description": _WHY[status], "content": _PROBLEM}
    if status in {429, 503}:
        response["headers"] = _RETRY
    if status == HTTPStatus.UNAUTHORIZED:
        said = {"description": "RFC 6750", "schema": {"type": "string"}}
        response["headers"] = {"WWW-Authenticate": said}
    return response
