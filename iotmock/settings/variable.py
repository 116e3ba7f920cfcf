"""One variable of the environment: its name, default, meaning, and what a text must be for it."""

from collections.abc import Callable
from typing import Any

import environ

from iotmock.files.text_file import is_utf_8
from iotmock.settings.errors import SettingsError
from iotmock.settings.numbers import NotAllowedError
from iotmock.wording.quoted import HIDDEN, quoted


def variable(
    name: str,
    default: object,
    parse: Callable[[str], Any],
    meaning: str,
    *,
    secret: bool = False,
    show: Callable[[str], str] = quoted,
) -> Any:
    """Return the field of it in a class of `environ`.

    A `secret` is not shown in an error, anything else as `show` returns it.

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
            shown = HIDDEN if secret else show(text)
            raise SettingsError(f"{name}={shown} is not allowed: {error.allowed}") from None

    return environ.var(default=default, converter=convert, name=name, help=meaning)
