"""All checks, in the order in which one would mend what they find."""

from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path

import trio

from iotmock.doctor.finding import Finding, ok, problem
from iotmock.doctor.machine.file_limit import FileLimit, open_files
from iotmock.doctor.machine.files import kept_files
from iotmock.doctor.machine.neighbour import neighbour_of
from iotmock.doctor.machine.ports import embedded_port, http_port
from iotmock.doctor.machine.versions import versions
from iotmock.doctor.visit.broker import broker
from iotmock.settings.errors import SettingsError
from iotmock.settings.reading import DOTENV, read_settings
from iotmock.settings.secret_files import api_token
from iotmock.settings.settings import Settings

_CHECK = "settings"


def examine(environment: Mapping[str, str], file: Path = DOTENV) -> Iterator[Finding]:
    """Yield the findings as they come; what a wrong setting hides is not looked at."""
    yield from versions()
    try:
        settings = read_settings(dict(environment), file)
        api_token(settings)
        yield ok(_CHECK, _source(file))
        yield from _of_service(settings)
    except SettingsError as error:
        yield problem(_CHECK, str(error), "docs/reference/configuration.md has every setting")


def _source(file: Path) -> str:
    of_file = f" and of {file.absolute()}" if file.exists() else ""
    return f"in order; they are those of the environment{of_file}"


def _of_service(settings: Settings) -> Iterator[Finding]:
    neighbour = neighbour_of(settings) if settings.port else None
    kept = kept_files(settings, runs=neighbour is not None)
    yield from kept.findings
    yield from http_port(settings, neighbour)
    yield from embedded_port(settings, neighbour)
    yield from trio.run(partial(broker, settings, runs=neighbour is not None))
    wanted = sum(count for _, _, count in settings.fleet)
    devices = max(kept.devices, wanted, 0 if neighbour is None else neighbour.devices)
    yield from open_files(settings, FileLimit.here(), devices)
