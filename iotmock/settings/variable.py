"""One variable of the environment: its name, default, meaning, and what a text must be for it."""

from collections.abc import Callable
from typing import Any

import environ

from iotmock.files.text_file import is_utf_8
from iotmock.settings.errors import SettingsError
from iotmock.settings.numbers import NotAllowedError

_MOST_SHOWN = 100


def variable(
    name: str, default: object, parse: Callable[[str], Any], meaning: str, *, secret: bool = False
) -> Any:
    """Return the field of it in a class of `environ`; a `secret` is not shown in an error.

    Raises:
        SettingsError: when it is read and `parse` does not allow it, or it is not UTF-8.
    """

    def convert(value: object) -> Any:
        text = str(value)
        if not is_utf_8(text):
            raise SettingsError(f"{name} is not UTF-8")
        try:
            return parse(text)
        except NotAllowedError as error:
            shown = "(hidden)" if secret or _has_login(text) else _on_one_line(text)
            raise SettingsError(f"{name}={shown} is not allowed: {error.allowed}") from None

    return environ.var(default=default, converter=convert, name=name, help=meaning)


def _has_login(text: str) -> bool:
    """Say whether it may be a URL with a password in it."""
    return "://" in text and "@" in text


def _on_one_line(value: str) -> str:
    shown = value if value.isprintable() else ascii(value)[1:-1]
    return shown if len(shown) <= _MOST_SHOWN else f"{shown[:_MOST_SHOWN]}..."
