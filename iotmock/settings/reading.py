"""The environment and `.env`, read once into one value (contract.md, section 1)."""

import os
from pathlib import Path

import environ

from iotmock.files.dotenv import DotenvError, parse_dotenv
from iotmock.files.text_file import TextFileError, read_text
from iotmock.settings.contradictions import contradictions
from iotmock.settings.errors import SettingsError
from iotmock.settings.settings import Settings
from iotmock.wording.quoted import HIDDEN, quoted

DOTENV = Path(".env")
_DOTENV_LIMIT = 1_000_000


def read_settings(
    environment: dict[str, str] | None = None, file: Path | None = DOTENV
) -> Settings:
    """Return the settings; the environment wins over the file, which only `.env` need not be there.

    Raises:
        SettingsError: a variable has a value that is not allowed, or `.env` is not in order.
    """
    of_file = {} if file is None else _variables_of(file)
    of_process = dict(os.environ) if environment is None else environment
    settings = _with_url(of_file | of_process)
    for complaint in contradictions(settings):
        raise SettingsError(complaint)
    return settings


def _variables_of(file: Path) -> dict[str, str]:
    if file == DOTENV and not os.path.lexists(file):
        return {}
    try:
        return parse_dotenv(read_text(file, _DOTENV_LIMIT))
    except TextFileError as error:
        raise SettingsError(f"{error.path} can not be read: {error.reason}") from error
    except DotenvError as error:
        raise SettingsError(f"{file}, {error} (docs/reference/configuration.md)") from None


def _with_url(given: dict[str, str]) -> Settings:
    settings: Settings = environ.to_config(Settings, given)
    if (url := settings.mqtt_broker_url) is None:
        return settings
    of_url: Settings = environ.to_config(Settings, {**given, **url.settings})
    usual: Settings = environ.to_config(Settings, {})
    for name in url.settings:
        field = name.lower()
        if getattr(settings, field) not in (getattr(usual, field), getattr(of_url, field)):
            shown = HIDDEN if name == "MQTT_PASSWORD" else quoted(given[name])
            raise SettingsError(f"{name}={shown} contradicts MQTT_BROKER_URL: set one of the two")
    return of_url
