"""The token that opens the service, of the setting or of its file."""

from pathlib import Path

from iotmock.files.text_file import TextFileError, read_text
from iotmock.settings.errors import SettingsError
from iotmock.settings.numbers import NotAllowedError
from iotmock.settings.settings import Settings
from iotmock.settings.values import token

_TOKEN_LIMIT = 10_000


def api_token(settings: Settings) -> str | None:
    """Return the token, of the setting or of its file; None without one.

    Raises:
        SettingsError: API_TOKEN_FILE can not be used, and why.
    """
    if settings.api_token_file is None:
        return settings.api_token
    path = Path(settings.api_token_file)
    try:
        return token(read_text(path, _TOKEN_LIMIT).strip())
    except TextFileError as error:
        raise SettingsError(f"API_TOKEN_FILE={path} can not be read: {error.reason}") from error
    except NotAllowedError as error:
        raise SettingsError(f"API_TOKEN_FILE={path} must hold the token: {error.allowed}") from None
