"""From raw members to the fields of a struct, each on its own, so that every fault is found."""

from collections.abc import Callable, Mapping
from typing import Annotated, Any, TypeVar, get_args, get_origin

import msgspec
from msgspec.inspect import DictType, IntType, ListType, Metadata, StructType, type_info

from iotmock.rest.problems import Fault
from iotmock.wording.faults import MOST_FAULTS, fields_of, missing_and_unknown
from iotmock.wording.no_json import out_of_range
from iotmock.wording.words import must

V = TypeVar("V", msgspec.Raw, str)
Reader = Callable[[V, Any], Any]


class _FaultyError(Exception):
    """Parts of a value are not what they must be; `value` is what could be read."""

    def __init__(self, faults: list[Fault], value: object) -> None:
        super().__init__()
        self.faults = faults
        self.value = value


def read_json(raw: msgspec.Raw, type_: Any) -> Any:
    """Return a member of a JSON object; `_FaultyError` if it has parts that have paths."""
    try:
        return msgspec.json.decode(raw, type=type_)
    except msgspec.ValidationError:
        _look_inside(raw, type_)
        raise


def read_text(text: str, type_: Any) -> Any:
    """Return a parameter of a query."""
    return msgspec.convert(text, type_, strict=False)


def fill(
    struct: type[msgspec.Struct], content: Mapping[str, V], read: Reader[V]
) -> tuple[dict[str, Any], list[Fault]]:
    """Return the fields that could be read, and all that is wrong."""
    values: dict[str, Any] = {}
    faults = [Fault(*found) for found in missing_and_unknown(struct, content)]
    for field in fields_of(struct):
        name = field.encode_name
        if name in content:
            try:
                values[field.name] = read(content[name], field.type)
            except msgspec.ValidationError as error:
                faults.append(Fault(name, _wrong(error, field.type, content[name])))
            except _FaultyError as error:
                values[field.name] = error.value
                faults += (Fault(name + part.field, part.message) for part in error.faults)
    return values, faults


def _wrong(error: Exception, type_: Any, given: msgspec.Raw | str) -> str:
    # Of a list or an object that has it deep within, the type says nothing.
    text = b"" if isinstance(given, str) else bytes(memoryview(given))
    beyond = out_of_range(error, text) if text[:1] in {b"[", b"{"} else None
    return beyond or must(type_, said(given))


def _look_inside(raw: msgspec.Raw, type_: Any) -> None:
    match type_info(type_):
        case StructType(cls=struct):
            members = msgspec.json.decode(raw, type=dict[str, msgspec.Raw])
            _raise_if({}, [Fault(f".{one.field}", one.message) for one in _faults(struct, members)])
        case ListType(item_type=StructType(cls=struct)):
            _raise_if(*_read_list(msgspec.json.decode(raw, type=list[msgspec.Raw]), struct))
        case DictType(value_type=IntType() | Metadata(type=IntType())):
            _raise_if(*_read_map(msgspec.json.decode(raw, type=dict[str, msgspec.Raw]), type_))


def _faults(struct: type[msgspec.Struct], members: Mapping[str, msgspec.Raw]) -> list[Fault]:
    return fill(struct, members, read_json)[1]


def _raise_if(value: object, faults: list[Fault]) -> None:
    if faults:
        raise _FaultyError(faults, value)


def _read_list(
    items: list[msgspec.Raw], struct: type[msgspec.Struct]
) -> tuple[list[Any], list[Fault]]:
    values, faults = list[Any](), list[Fault]()
    for place, raw in enumerate(items):
        if len(faults) >= MOST_FAULTS:
            break
        try:
            members = msgspec.json.decode(raw, type=dict[str, msgspec.Raw])
        except msgspec.ValidationError:
            faults.append(Fault(f"[{place}]", must(struct, said(raw))))
            values.append({})  # so that those after it keep their places
            continue
        value, found = fill(struct, members, read_json)
        values.append(value if found else struct(**value))
        faults += (Fault(f"[{place}].{part.field}", part.message) for part in found)
    return values, faults


def _read_map(items: dict[str, msgspec.Raw], type_: Any) -> tuple[dict[str, Any], list[Fault]]:
    values, faults = dict[str, Any](), list[Fault]()
    plain = get_args(type_)[0] if get_origin(type_) is Annotated else type_
    item = get_args(plain)[1]
    for name, raw in items.items():
        if len(faults) >= MOST_FAULTS:
            break
        try:
            values[name] = msgspec.json.decode(raw, type=item)
        except msgspec.ValidationError:
            faults.append(Fault(f".{name[:64]}", must(item, said(raw))))
    return values, faults


def said(raw: msgspec.Raw | bytes | str) -> object:
    """Return what a client sent, for a sentence about it."""
    if isinstance(raw, str):
        return raw
    try:
        return msgspec.json.decode(raw)
    except (msgspec.DecodeError, ValueError):  # a number beyond all numbers
        return bytes(memoryview(raw)).decode()
