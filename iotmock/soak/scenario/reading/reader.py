"""From a parsed TOML file to typed sections, with everything that is wrong at once."""

import re
from contextlib import suppress
from functools import partial
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin

import msgspec
from attrs import define, field

from iotmock.soak.scenario.quantities import Quantity
from iotmock.soak.scenario.reading.unreadable import UNREADABLE, UnreadableError, as_far_as_readable
from iotmock.soak.scenario.section import Section, fields, metas
from iotmock.wording.faults import Fault
from iotmock.wording.words import allowed, meant, one_of, shown

_TABLE = "a table"
_shown = partial(shown, table=_TABLE)
_MISSING = object()


@define(eq=False)
class Reader:
    """Reads values by their annotations; collects what is wrong, and each section.

    A section in which something is wrong has UNREADABLE in that place, so that the rest of it can
    be looked over all the same.
    """

    faults: list[Fault] = field(factory=list)
    built: dict[str, Section] = field(factory=dict)

    def read(self, annotation: Any, value: object, path: str) -> Any:
        """Return the value as its annotation says, or UNREADABLE."""
        match _core(annotation):
            case [*kinds] if len(kinds) > 1 and all(map(_is_section, kinds)):
                return self._tagged(kinds, value, path)
            case [kind] if _is_section(kind):
                return self._table(kind, value, path)
            case [kind] if get_origin(kind) is list:
                return self._list(annotation, get_args(kind)[0], value, path)
            case _:
                return self._leaf(annotation, value, path)

    def _leaf(self, annotation: Any, value: object, path: str) -> Any:
        extra = metas(annotation)
        quantity: Quantity | None = extra.get("quantity")
        number = quantity.parse(value) if quantity and isinstance(value, str) else None
        try:
            return msgspec.convert(value if number is None else number, annotation)
        except (msgspec.ValidationError, OverflowError):
            secret = bool(extra.get("secret"))
            text = f"must be {allowed(annotation, _TABLE)}, not {_shown(value, secret=secret)}"
            return self._refuse(path, text)

    def _list(self, annotation: Any, kind: Any, value: object, path: str) -> Any:
        if not isinstance(value, list):
            if all(map(_is_section, _core(kind))):
                return self._refuse(path, f"must be [[{path}]], not [{path}]")
            return self._leaf(annotation, value, path)
        items = [self.read(kind, item, f"{path}[{at}]") for at, item in enumerate(value)]
        if all(map(_is_section, _core(kind))):
            return items
        is_whole = all(item is not UNREADABLE for item in items)
        return self._leaf(annotation, items, path) if is_whole else UNREADABLE

    def _tagged(self, kinds: list[type[Section]], value: object, path: str) -> Any:
        key = kinds[0].__struct_config__.tag_field or ""
        by_tag = {str(kind.__struct_config__.tag): kind for kind in kinds}
        if not isinstance(value, dict):
            return self._refuse(path, f"must be a table, not {_shown(value)}")
        tag = value.get(key, _MISSING)
        if tag is _MISSING:
            return self._refuse(f"{path}.{key}", f"is missing; it must be {one_of(by_tag)}")
        if not isinstance(tag, str) or tag not in by_tag:
            text = f"must be {one_of(by_tag)}, not {_shown(tag)}{meant(str(tag), by_tag)}"
            return self._refuse(f"{path}.{key}", text)
        rest = {name: item for name, item in value.items() if name != key}
        return self._table(by_tag[tag], rest, path)

    def _table(self, kind: type[Section], value: object, path: str) -> Any:
        if not isinstance(value, dict):
            return self._refuse(path, f"must be a table, not {_shown(value)}")
        prefix = f"{path}." if path else ""
        known = {one.encode_name: one for one in fields(kind)}
        self._refuse_unknown(value, known, prefix)
        read: dict[str, Any] = {}
        for name, one in known.items():
            if name in value:
                read[one.name] = self.read(one.type, value[name], prefix + name)
            elif one.required:
                text = f"is missing; it must be {allowed(one.type, _TABLE)}"
                read[one.name] = self._refuse(prefix + name, text)
        return self._build(kind, read, path)

    def _build(self, kind: type[Section], read: dict[str, Any], path: str) -> Any:
        section = kind(**read)
        with suppress(UnreadableError):
            section = section.plain
        self.built[path] = section
        for key, text in as_far_as_readable(kind(**read).faults()):
            self._refuse(f"{path}.{key}" if path else key, text)
        return section

    def _refuse_unknown(self, value: dict[str, Any], known: dict[str, Any], prefix: str) -> None:
        for name in value:
            if name not in known:
                near = meant(name, known) or f"; known are {', '.join(known)}"
                self._refuse(prefix + _key(name), f"unknown key{near}")

    def _refuse(self, path: str, text: str) -> object:
        self.faults.append(Fault(path, text))
        return UNREADABLE


def _key(name: str) -> str:
    """Return a key as TOML writes it, so that it stays on its line."""
    return name if re.fullmatch(r"[A-Za-z0-9_-]+", name) else shown(name)


def _is_section(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, Section)


def _core(annotation: Any) -> list[Any]:
    """Return the types that a value may have, without None and what is said about them."""
    if get_origin(annotation) is Annotated:
        return _core(get_args(annotation)[0])
    if get_origin(annotation) in {Union, UnionType}:
        parts = [one for part in get_args(annotation) for one in _core(part)]
        return [one for one in parts if one is not NoneType]
    return [annotation]
