"""What `iotmock alarms listen` does: from the options and settings to the verdict."""

from math import inf
from pathlib import Path

import typer
from attrs import evolve

from iotmock.alarms.command import AlarmsError, Order, Verdict
from iotmock.alarms.command import listen as hear
from iotmock.alarms.fields import Fields
from iotmock.alarms.thresholds import Thresholds
from iotmock.broker.place import place_of
from iotmock.cli.broker_option import broker_variables
from iotmock.files.json_text import json_text
from iotmock.ledger.told import document, print_table
from iotmock.mqtt import MqttError
from iotmock.settings.errors import SettingsError
from iotmock.settings.reading import read_settings
from iotmock.settings.state_files import ledger_path
from iotmock.storage import RegistryFileError
from iotmock.wording.quoted import quoted

MENDABLE = (AlarmsError, RegistryFileError, SettingsError, MqttError)
__all__ = ["MENDABLE", "Fields", "Order", "Thresholds", "listen", "order"]

_HERE = "127.0.0.1"


def order(
    topic_filters: list[str], broker: str | None, http: str | None, ledger: Path | None
) -> Order:
    """Return where to listen and which ledger to read, without an end.

    Raises:
        SettingsError: a setting is not allowed. AlarmsError: `http` is no address.
    """
    variables = {} if broker is None else broker_variables(broker)
    place = place_of(variables, "iotmock-alarms") if topic_filters else None
    file = str(ledger) if ledger else ledger_path(read_settings())
    return Order(place, tuple(topic_filters), _address(http), inf, file)


def _address(http: str | None) -> tuple[str, int] | None:
    if http is None:
        return None
    host, _, port = http.rpartition(":")
    if not port.isascii() or not port.isdigit() or int(port) > 65_535:
        raise AlarmsError(f"--http must be PORT or HOST:PORT, not {quoted(http)!a}")
    return host or _HERE, int(port)


def listen(wanted: Order, seconds: float | None, *, as_json: bool) -> bool:
    """Listen, print the verdict, and return whether all thresholds were reached."""
    verdict = hear(evolve(wanted, seconds=seconds or inf))
    if as_json:
        typer.echo(json_text(_document(verdict)))
    else:
        _print(verdict)
    return not verdict.misses


def _document(verdict: Verdict) -> dict[str, object]:
    return {
        "alarms": verdict.alarms,
        "unreadable": verdict.unreadable,
        "passed": not verdict.misses,
        "misses": verdict.misses,
        **document(verdict.kinds, verdict.total),
    }


def _print(verdict: Verdict) -> None:
    unreadable = f", {verdict.unreadable:,} messages were none" if verdict.unreadable else ""
    typer.echo(f"{verdict.alarms:,} alarms{unreadable}")
    print_table(verdict.kinds, verdict.total)
    for miss in verdict.misses:
        typer.echo(f"FAILED {miss}")
