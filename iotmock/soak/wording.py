"""What a key of the scenario may be, in words."""

from collections.abc import Iterable
from difflib import get_close_matches
from typing import Any

from msgspec import inspect

from iotmock.soak.quantities import Quantity
from iotmock.soak.section import HIDDEN, metas

_LONGEST = 60


def allowed(annotation: Any) -> str:
    """Return what a value of this type may be."""
    extra = metas(annotation)
    if words := extra.get("words"):
        return str(words)
    quantity: Quantity | None = extra.get("quantity")
    unit = quantity.unit if quantity else extra.get("unit", "")
    words = _words(inspect.type_info(annotation), unit)
    return f"{words}, {quantity.words}" if quantity else words


def one_of(values: Iterable[object]) -> str:
    """Return a list in words: a, b or c."""
    *rest, last = [str(value) for value in values]
    return f"{', '.join(rest)} or {last}" if rest else last


def shown(value: object, *, secret: bool = False) -> str:
    """Return a value on one short line."""
    if secret:
        return HIDDEN
    if isinstance(value, dict | list):
        return "a table" if isinstance(value, dict) else "a list"
    text = {True: "true", False: "false"}[value] if isinstance(value, bool) else repr(value)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."


def meant(word: str, known: Iterable[str]) -> str:
    """Return `; did you mean ...?` for the known word that is most like it, if one is."""
    near = get_close_matches(word, list(known), 1, 0.6)
    if not near:
        return ""
    return f"; did you mean {near[0] if near[0].isprintable() else shown(near[0])}?"


def _words(kind: inspect.Type, unit: str) -> str:  # noqa: PLR0911 - one kind of type a line
    match kind:
        case inspect.Metadata():
            return _words(kind.type, unit)
        case inspect.UnionType():
            some = [one for one in kind.types if not isinstance(one, inspect.NoneType)]
            return one_of(dict.fromkeys(_words(one, unit) for one in some))
        case inspect.IntType() | inspect.FloatType():
            return _number(kind, unit)
        case inspect.LiteralType():
            return one_of(kind.values)
        case inspect.BoolType():
            return "true or false"
        case inspect.ListType():
            return f"a list, each {_words(kind.item_type, unit)}"
        case inspect.StrType():
            return "a text that is not empty" if kind.min_length else "a text"
        case _:
            return "a table"


def _number(kind: inspect.IntType | inspect.FloatType, unit: str) -> str:
    name = "a whole number" if isinstance(kind, inspect.IntType) else "a number"
    if kind.ge is None or kind.le is None:
        return name
    return f"{name} from {kind.ge:,.10g} to {kind.le:,.10g}{unit}"
