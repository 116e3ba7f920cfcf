"""From a value of JSON, TOML or the like to a type, with everything that is wrong at once."""

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from itertools import islice
from types import UnionType
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin

import msgspec
from attrs import frozen

from iotmock.wording.no_json import NO_JSON, no_json
from iotmock.wording.words import allowed, meant, must, named

T = TypeVar("T")
fields_of = cache(msgspec.structs.fields)
"""The fields of a struct: to look at its annotations takes as long as to decode it ten times."""
MOST_FAULTS = 20
"""Named of one value: more are no help, and what is nothing but faults is answered with a multiple
of itself, for every device that is to have it."""


@frozen
class Fault:
    """What is wrong with a part of a value, and which: `groups[1].count`."""

    path: str
    text: str

    def __str__(self) -> str:
        return f"{self.path}: {self.text}" if self.path else self.text


class InvalidValueError(ValueError):
    """A value is not what it must be, at one place or at several."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(islice(faults, MOST_FAULTS))
        super().__init__("; ".join(map(str, self.faults)))


def convert(value: object, type_: type[T]) -> T:
    """Return a value of decoded JSON as its type.

    Raises:
        InvalidValueError: it is not of the type; with every fault, in our words and not msgspec's.
    """
    try:
        return msgspec.convert(value, type_)
    except (msgspec.ValidationError, OverflowError) as error:
        raise InvalidValueError(_faults(value, type_, "")) from error


def decode(data: bytes | str, type_: Any) -> Any:
    """Return what JSON says as a type.

    Raises:
        InvalidValueError: it is no JSON, or not of the type.
    """
    try:
        try:
            return msgspec.json.decode(data, type=type_)
        except msgspec.ValidationError:
            return convert(msgspec.json.decode(data), type_)
    except NO_JSON as error:
        raise InvalidValueError([Fault("", f"is not JSON: {no_json(error, data)}")]) from error


def _sentence(error: Exception, value: object, type_: Any) -> str:
    # Where each part is right, they do not go together, and the type itself says why.
    if isinstance(value, dict) and isinstance(error.__cause__, ValueError):
        return str(error.__cause__)
    return must(type_, value)


def missing_and_unknown(
    struct: type[msgspec.Struct], content: Iterable[str]
) -> Iterator[tuple[str, str]]:
    """Yield each field that is missing or that there is none of, and that it is so."""
    known, given = {one.encode_name: one for one in fields_of(struct)}, set(content)
    for name, one in known.items():
        if one.required and name not in given:
            yield name, f"is required: {allowed(one.type)}"
    if not struct.__struct_config__.forbid_unknown_fields:
        return
    unknown = (name for name in content if name not in known)
    for number, name in enumerate(unknown):
        # What is most like a name takes longer to find than the rest of the answer.
        near = meant(named(name), known) if number < MOST_FAULTS else ""
        yield named(name), f"can not be given here; {_listed(known)}{near}"


def _listed(known: Iterable[str]) -> str:
    names = ", ".join(known)
    return f"known are {names}" if names else "nothing can be given"


def _faults(value: object, type_: Any, path: str) -> Iterator[Fault]:
    try:
        msgspec.convert(value, type_)
    except (msgspec.ValidationError, OverflowError) as error:
        within = _inside(value, type_, path)
        yield next(within, None) or Fault(path, _sentence(error, value, type_))
        yield from within


def _inside(value: object, type_: Any, path: str) -> Iterator[Fault]:
    dot = f"{path}." if path else ""
    for kind in _choices(type_):
        arguments = get_args(kind)
        if isinstance(value, Mapping) and _is_struct(kind):
            yield from _in_struct(value, kind, dot)
        elif isinstance(value, Mapping) and get_origin(kind) is dict:
            for name, item in value.items():
                yield from _faults(item, arguments[1], dot + named(name))
        elif isinstance(value, list) and get_origin(kind) is list:
            for place, item in enumerate(value):
                yield from _faults(item, arguments[0], f"{path}[{place}]")


def _choices(type_: Any) -> Iterator[Any]:
    """Yield the types that a value may have, without what is said about them."""
    if get_origin(type_) is Annotated:
        yield from _choices(get_args(type_)[0])
    elif get_origin(type_) in {Union, UnionType}:
        for part in get_args(type_):
            yield from _choices(part)
    else:
        yield type_


def _is_struct(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, msgspec.Struct)


def _in_struct(
    value: Mapping[str, object], struct: type[msgspec.Struct], prefix: str
) -> Iterator[Fault]:
    for name, text in missing_and_unknown(struct, value):
        yield Fault(prefix + name, text)
    for one in fields_of(struct):
        if one.encode_name in value:
            yield from _faults(value[one.encode_name], one.type, prefix + one.encode_name)
