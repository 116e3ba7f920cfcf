"""From bytes and query strings to request types, with every wrong field named at once."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeVar

import msgspec
from quart import request
from werkzeug.exceptions import BadRequest, UnsupportedMediaType

from iotmock.rest.intake.fields import fill, read_json, read_text, said
from iotmock.rest.problems import Fault, InvalidRequestError
from iotmock.wording.json_text import DEEPEST, is_too_deep
from iotmock.wording.no_json import NO_JSON, no_json
from iotmock.wording.words import OBJECT, one_of, shown

JSON = "application/json"
MERGE_PATCH = "application/merge-patch+json"
_AS_IT_IS = {"", "identity"}
"""Codings of a body that change nothing."""

T = TypeVar("T", bound=msgspec.Struct)
Check = Callable[[Mapping[str, Any]], Iterable[Fault]]


async def read_body(
    struct: type[T], check: Check | None = None, media_types: Sequence[str] = (JSON,)
) -> T:
    """Return the body of the current request; `check` looks for faults beyond single fields.

    Raises:
        HTTPException: it is not JSON, coded (415) or nested too deep (400), too large (413), or
            does not come (408).
        InvalidRequestError: fields are not what they must be.
    """
    _check_type(media_types)
    body = await request.get_data(cache=False, as_text=False, parse_form_data=False)
    # Whatever goes through a body later, as an encoder does, has a limit of its own and says 500.
    if is_too_deep(body):
        raise BadRequest(f"the body is nested more than {DEEPEST} deep")
    try:
        values, faults = fill(struct, _members(body), read_json)
    except NO_JSON as error:
        raise BadRequest(f"the body is not JSON: {no_json(error, body)}") from error
    return _made(struct, values, faults + list(check(values) if check else ()))


def _check_type(media_types: Sequence[str]) -> None:
    if request.mimetype not in media_types:
        given = f"not as {request.mimetype[:64]!a}" if request.mimetype else "in Content-Type"
        raise UnsupportedMediaType(f"send the body as {one_of(media_types)}, {given}")
    coding = ", ".join(request.headers.getlist("Content-Encoding"))
    if coding.lower() not in _AS_IT_IS:
        raise UnsupportedMediaType(f"send the body without Content-Encoding, not {coding[:64]!a}")


def _made(struct: type[T], values: dict[str, Any], faults: list[Fault]) -> T:
    if faults:
        raise InvalidRequestError(faults)
    return struct(**values)


def _members(body: bytes) -> dict[str, msgspec.Raw]:
    # Members stay raw, so that each can be read as its own type and fail on its own. The text in
    # raw members is not looked at, so UTF-8 is checked before.
    try:
        return msgspec.json.decode(body.decode(), type=dict[str, msgspec.Raw])
    except msgspec.ValidationError as error:
        text = f"must be {OBJECT}, not {shown(said(body))}"
        raise InvalidRequestError([Fault("body", text)]) from error


def read_query(struct: type[T], lists: Sequence[str] = ()) -> T:
    """Return the query of the current request; an empty value is as good as none.

    Those in `lists` may be there again, and are joined with commas.

    Raises:
        InvalidRequestError: parameters are not what they must be.
    """
    given = {name: values for name, values in request.args.lists() if values != [""]}
    given |= {name: [",".join(given[name])] for name in lists if name in given}
    if repeated := [name for name, values in given.items() if len(values) > 1]:
        raise InvalidRequestError([Fault(name, "must be given once") for name in repeated])
    texts = {name: values[0] for name, values in given.items()}
    return _made(struct, *fill(struct, texts, read_text))
