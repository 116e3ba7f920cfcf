"""Files that settings name and that hold secrets: their text, or one sentence on why not."""

from pathlib import Path

from iotmock.files.text_file import TextFileError, read_text
from iotmock.settings.errors import SettingsError
from iotmock.settings.numbers import NotAllowedError
from iotmock.settings.settings import Settings
from iotmock.settings.values import token
from iotmock.wording.quoted import HIDDEN, quoted_path

_TOKEN_FILE = "API_TOKEN_FILE"  # noqa: S105 - the setting's name
_TOKEN_LIMIT = 10_000
_NO_PATH = "it must be the path of a file, and is hidden as it may be what belongs into one"


def api_token(settings: Settings) -> str | None:
    """Return the token that opens the service, of the setting or of its file; None without one.

    Raises:
        SettingsError: API_TOKEN_FILE can not be used, and why.
    """
    if settings.api_token_file is None:
        return settings.api_token
    text = read_named(_TOKEN_FILE, settings.api_token_file, _TOKEN_LIMIT)
    try:
        return token(text.strip())
    except NotAllowedError as error:
        file = quoted_path(settings.api_token_file)
        raise SettingsError(f"{_TOKEN_FILE}={file} must hold the token: {error.allowed}") from None


def read_named(name: str, path: str, limit: int) -> str:
    """Return the text of the file that the setting `name` has; `limit` is in bytes.

    Raises:
        SettingsError: it can not be read, and why.
    """
    try:
        return read_text(Path(path), limit)
    except TextFileError as error:
        raise SettingsError(unreadable(name, path, error.reason)) from error


def unreadable(name: str, path: str, reason: str) -> str:
    """Return that a file can not be read, and why; a reason may name parts of the path."""
    shown = quoted_path(path)
    return f"{name}={shown} can not be read: {_NO_PATH if shown == HIDDEN else reason}"
