"""All checks, in the order in which one would mend what they find."""

from collections.abc import Callable, Iterator
from pathlib import Path

import trio

from iotmock.api_token import api_token
from iotmock.doctor.broker import broker
from iotmock.doctor.file_limit import FileLimit, open_files
from iotmock.doctor.files import kept_files
from iotmock.doctor.finding import Finding, ok, problem
from iotmock.doctor.neighbour import neighbour_of
from iotmock.doctor.ports import http_port
from iotmock.doctor.versions import versions
from iotmock.settings import DOTENV, Settings, SettingsError, read_settings

_CHECK = "settings"


def examine(read: Callable[[], Settings] = read_settings) -> Iterator[Finding]:
    """Yield the findings as they come; what a wrong setting hides is not looked at."""
    yield from versions()
    try:
        settings = read()
        api_token(settings)
        yield ok(_CHECK, _source())
        yield from _of_service(settings)
    except SettingsError as error:
        yield problem(_CHECK, str(error), "docs/configuration.md has every setting")


def _source() -> str:
    return "those of the environment" + (
        f" and of {Path.cwd() / DOTENV}" if DOTENV.exists() else ""
    )


def _of_service(settings: Settings) -> Iterator[Finding]:
    neighbour = neighbour_of(settings) if settings.port else None
    kept = kept_files(settings, runs=neighbour is not None)
    yield from kept.findings
    yield from http_port(settings, neighbour)
    yield from trio.run(broker, settings)
    wanted = sum(count for _, _, count in settings.fleet)
    devices = max(kept.devices, wanted, 0 if neighbour is None else neighbour.devices)
    yield from open_files(settings, FileLimit.here(), devices)
