"""What a value may be, in words, from the annotation that it is read by."""

from collections.abc import Iterable
from difflib import get_close_matches
from typing import Any

from attrs import evolve, frozen
from msgspec import inspect

from iotmock.wording.quoted import HIDDEN, looks_secret, one_line

OBJECT = "an object"
_LONGEST = 60
_LONGEST_NAME = 64
_EXACT = 10**15
_MANY = 1_000
"""Characters: more than somebody would count who finds that there is none."""


def must(annotation: Any, value: object) -> str:
    """Return what a value of this type must be, and what it is instead."""
    is_long = isinstance(value, str) and len(value) >= _MANY
    words = _Words(OBJECT, is_long=is_long).of(inspect.type_info(annotation))
    return f"must be {words}, not {shown(value)}"


def allowed(annotation: Any, table: str = OBJECT) -> str:
    """Return what a value of this type may be; `table` is what its format calls an object.

    `Meta(extra=...)` may say it better: `words` for the whole, `unit` behind a number (" kW"), or
    a `quantity`, a number that may be written as text, too.
    """
    return _Words(table).of(inspect.type_info(annotation))


def one_of(values: Iterable[object]) -> str:
    """Return a list in words: a, b or c."""
    *rest, last = [str(value) for value in values]
    return f"{', '.join(rest)} or {last}" if rest else last


def shown(value: object, *, secret: bool = False, table: str = OBJECT) -> str:
    """Return a value on one short line."""
    if secret or (isinstance(value, str) and looks_secret(value)):
        return HIDDEN
    if isinstance(value, dict | list):
        return table if isinstance(value, dict) else _list(value)
    if value is None or isinstance(value, bool):
        return {True: "true", False: "false", None: "null"}[value]
    text = repr(value)
    if len(text) <= _LONGEST:
        return text
    size = f" ({len(value):,} characters)" if isinstance(value, str) else ""
    return f"{text[:_LONGEST]}...{size}"


def named(name: str) -> str:
    """Return a name that someone gave, on one short line whatever is in it."""
    return HIDDEN if looks_secret(name) else one_line(name[:_LONGEST_NAME])


def _list(items: list[object]) -> str:
    return f"a list of {len(items):,}" if items else "an empty list"


def meant(word: str, known: Iterable[str]) -> str:
    """Return `; did you mean ...?` for the known word that is most like it, if one is."""
    near = get_close_matches(word, list(known), 1, 0.6)
    if not near:
        return ""
    return f"; did you mean {named(near[0])}?"


@frozen
class _Words:
    table: str
    unit: str = ""
    is_long: bool = False
    """Whether it is said of a text so long that its length may be what is wrong."""

    def of(self, kind: inspect.Type) -> str:  # noqa: PLR0911 - one kind of type a line
        match kind:
            case inspect.Metadata():
                return self._described(kind)
            case inspect.UnionType():
                some = [one for one in kind.types if not isinstance(one, inspect.NoneType)]
                return one_of(dict.fromkeys(self.of(one) for one in some))
            case inspect.IntType() | inspect.FloatType():
                return self._number(kind)
            case inspect.LiteralType():
                return one_of(kind.values)
            case inspect.BoolType():
                return "true or false"
            case inspect.ListType():
                return f"a list{_size(kind, '')}, each {self.of(kind.item_type)}"
            case inspect.StrType():
                return self._text(kind)
            case _:
                return self.table

    def _described(self, kind: inspect.Metadata) -> str:
        extra = kind.extra or {}
        if "words" in extra:
            return str(extra["words"])
        if quantity := extra.get("quantity"):
            return f"{evolve(self, unit=quantity.unit).of(kind.type)}, {quantity.words}"
        return evolve(self, unit=extra.get("unit", self.unit)).of(kind.type)

    def _text(self, kind: inspect.StrType) -> str:
        is_any = kind.min_length == 1 and (kind.max_length or _MANY) >= _MANY
        if is_any and not self.is_long:
            return "a text that is not empty"
        return f"a text{_size(kind, ' characters')}"

    def _number(self, kind: inspect.IntType | inspect.FloatType) -> str:
        name = "a whole number" if isinstance(kind, inspect.IntType) else "a number"
        return f"{name}{_limits(kind)}{self.unit}"


def _limits(kind: inspect.IntType | inspect.FloatType) -> str:
    if kind.ge is not None and kind.le is not None:
        return f" from {_plain(kind.ge)} to {_plain(kind.le)}"
    low = [f"of at least {_plain(kind.ge)}"] if kind.ge is not None else []
    low += [f"above {_plain(kind.gt)}"] if kind.gt is not None else []
    high = [f"up to {_plain(kind.le)}"] if kind.le is not None else []
    high += [f"below {_plain(kind.lt)}"] if kind.lt is not None else []
    return f" {' and '.join(low + high)}" if low or high else ""


def _plain(number: float) -> str:
    whole = number == int(number) and (isinstance(number, int) or abs(number) < _EXACT)
    return f"{int(number):,}" if whole else f"{number:,.10g}"


def _size(kind: inspect.StrType | inspect.ListType, of_what: str) -> str:
    if kind.max_length is None:
        return ""
    least = f"{kind.min_length:,} to" if kind.min_length else "up to"
    return f" of {least} {kind.max_length:,}{of_what}"
