"""From bytes and query strings to request types, with every wrong field named at once."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeVar

import msgspec
from quart import request
from werkzeug.exceptions import BadRequest, UnsupportedMediaType

from iotmock.rest.problems import Fault, InvalidRequestError

JSON = "application/json"

T = TypeVar("T", bound=msgspec.Struct)
V = TypeVar("V")
_Reader = Callable[[V, Any], Any]


async def read_body(struct: type[T]) -> T:
    """Return the body of the current request.

    Raises:
        HTTPException: it is not JSON (400, 415), too large (413), or does not come (408).
        InvalidRequestError: fields are not what they must be.
    """
    if request.mimetype != JSON:
        raise UnsupportedMediaType(f"send the body as {JSON}")
    body = await request.get_data(cache=False, as_text=False, parse_form_data=False)
    try:
        return _fill(struct, _members(body), _from_json)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise BadRequest(f"the body is not JSON: {error}") from error


def _members(body: bytes) -> dict[str, msgspec.Raw]:
    # Members stay raw, so that each can be read as its own type and fail on its own. The text in
    # raw members is not looked at, so UTF-8 is checked before.
    try:
        return msgspec.json.decode(body.decode(), type=dict[str, msgspec.Raw])
    except msgspec.ValidationError as error:
        raise InvalidRequestError([Fault("body", "must be a JSON object")]) from error


def _from_json(raw: msgspec.Raw, type_: Any) -> Any:
    return msgspec.json.decode(raw, type=type_)


def _from_text(text: str, type_: Any) -> Any:
    return msgspec.convert(text, type_, strict=False)


def read_query(struct: type[T]) -> T:
    """Return the query of the current request; an empty value is as good as none.

    Raises:
        InvalidRequestError: parameters are not what they must be.
    """
    given = {name: values for name, values in request.args.lists() if values != [""]}
    if repeated := [name for name, values in given.items() if len(values) > 1]:
        raise InvalidRequestError([Fault(name, "must be given once") for name in repeated])
    texts = {name: values[0] for name, values in given.items()}
    return _fill(struct, texts, _from_text)


def _fill(struct: type[T], content: Mapping[str, V], read: _Reader[V]) -> T:
    values: dict[str, Any] = {}
    faults = list(_missing_and_unknown(struct, content))
    for field in msgspec.structs.fields(struct):
        if field.name in content:
            try:
                values[field.name] = read(content[field.name], field.type)
            except msgspec.ValidationError as error:
                faults.append(Fault(field.name, _plain(error)))
    if faults:
        raise InvalidRequestError(faults)
    return struct(**values)


def _missing_and_unknown(struct: type[T], content: Mapping[str, V]) -> Iterator[Fault]:
    fields = {field.name: field for field in msgspec.structs.fields(struct)}
    for name, field in fields.items():
        if field.required and name not in content:
            yield Fault(name, "is required")
    for name in content:
        if name not in fields:
            yield Fault(name, f"can not be given here; known are {', '.join(fields)}")


def _plain(error: msgspec.ValidationError) -> str:
    # `$` is the field itself here, and inside it msgspec knows no names.
    return str(error).partition(" - at `$")[0].replace("Expected", "must be")
