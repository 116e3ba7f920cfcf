"""What the parts of a scenario have in common."""

from collections.abc import Iterator
from typing import Annotated, Any, Self, get_args, get_origin

import msgspec
from msgspec import Meta

from iotmock.wording.patterns import whole
from iotmock.wording.quoted import HIDDEN


def about(text: str) -> Meta:
    """Say what a key means, for the JSON Schema."""
    return Meta(description=text)


SecretText = Annotated[str, Meta(min_length=1, extra={"secret": True})]
"""A text that no report, log or error shows."""
Text = Annotated[str, Meta(min_length=1, max_length=4_096)]
VariableName = Annotated[
    str,
    Meta(
        pattern=whole("[A-Za-z_][A-Za-z0-9_]*"),
        extra={"words": "the name of an environment variable"},
    ),
]


class Section(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A table of the scenario file. The annotations are its validation and its JSON Schema."""

    def faults(self) -> Iterator[tuple[str, str]]:
        """Yield what does not fit together within this table: a key of it, and what is wrong."""
        yield from ()

    @property
    def plain(self) -> Self:
        """The table with keys that stand for others replaced by those."""
        return self

    def __repr__(self) -> str:
        shown = ((field.name, getattr(without_secrets(self), field.name)) for field in fields(self))
        return f"{type(self).__name__}({', '.join(f'{name}={value!r}' for name, value in shown)})"


def fields(section: Section | type[Section]) -> tuple[msgspec.structs.FieldInfo, ...]:
    """Return the keys of a table."""
    return msgspec.structs.fields(section)


def metas(annotation: Any) -> dict[str, Any]:
    """Return what the annotation of a key says beyond its type, optional or not."""
    found: dict[str, Any] = {}
    for argument in get_args(annotation):
        found |= metas(argument) if get_origin(argument) is not None else {}
        if isinstance(argument, Meta) and argument.extra:
            found |= argument.extra
    return found


def without_secrets(section: Any) -> Any:
    """Return a copy in which every secret is hidden, in the tables within as well."""
    if isinstance(section, list):
        return [without_secrets(item) for item in section]
    if not isinstance(section, Section):
        return section
    changes: dict[str, Any] = {}
    for field in fields(section):
        value = getattr(section, field.name)
        secret = value is not None and metas(field.type).get("secret")
        changes[field.name] = HIDDEN if secret else without_secrets(value)
    return msgspec.structs.replace(section, **changes)
