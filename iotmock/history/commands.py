"""What `iotmock generate` and `iotmock plot` do."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TextIO

import typer
from attrs import frozen
from rich.console import Console
from rich.progress import track

from iotmock.history.formats import LINES, Format, MissingExtraError, arrow, write_parquet
from iotmock.history.options import OptionError, choice, moment, number, whole, zone
from iotmock.history.plot import page
from iotmock.history.series import Row, Span, UnknownVariantError, device_of, rows, variant
from iotmock.history.table import SeriesFileError, Table, read_csv
from iotmock.model.climate import CLIMATES
from iotmock.model.device import Device
from iotmock.model.families import DeviceTypeEntryPointError, installed
from iotmock.model.site import Sites
from iotmock.model.spec import POWER_KW, InvalidFieldError

_STDOUT = "-"

MENDABLE = (OptionError, SeriesFileError, MissingExtraError, DeviceTypeEntryPointError)


@frozen
class Task:
    """What `generate` was asked for."""

    device: Device
    span: Span
    format: Format
    output: str
    plot: Path | None
    timezone: str


def generate(  # noqa: PLR0913 - one parameter is one option
    profile: str,
    *,
    start: str,
    days: str,
    step: str,
    form: str,
    output: str,
    plot: Path | None,
    seed: str,
    base_power: str | None,
    device_id: str | None,
    timezone: str,
    latitude: str,
    climate: str,
    variation: str,
) -> None:
    """Write the readings of one device over days or years."""
    sites = Sites(
        whole("--seed", seed),
        number("--variation", variation, (0.0, 1.0), ""),
        number("--latitude", latitude, (-90.0, 90.0), "degrees"),
        zone("--timezone", timezone).key,
        choice("--climate", climate, tuple(CLIMATES)),
    )
    device = _device(profile, sites, device_id, base_power)
    span = Span(
        moment("--start", start, zone("--timezone", timezone)),
        number("--days", days, (0.01, 36_525.0), "days"),
        number("--step", step, (0.1, 86_400.0), "seconds"),
    )
    chosen = Format(choice("--format", form, tuple(Format)))
    _run(Task(device, span, chosen, output, plot, timezone))


def plot(file: Path, target: Path, timezone: str) -> None:
    """Write a page that shows a series."""
    local = zone("--timezone", timezone)
    target.write_text(page(read_csv(file), local), encoding="utf-8")
    typer.echo(f"wrote {target}", err=True)


def _device(profile: str, sites: Sites, device_id: str | None, base_power: str | None) -> Device:
    try:
        kind, chosen = variant(installed(), profile)
    except UnknownVariantError as error:
        raise OptionError("--profile", profile, f"one of {', '.join(error.known)}") from error
    power = number("--base-power", base_power, POWER_KW, "kW") if base_power is not None else None
    try:
        return device_of(kind, chosen, sites, device_id or f"mock-{chosen.name}-001", power)
    except InvalidFieldError as error:
        raise OptionError(
            "--device-id", device_id or "", error.message.removeprefix("must be ")
        ) from error


def _run(task: Task) -> None:
    if task.span.count < 1:
        raise OptionError("--step", f"{task.span.step_s:g}", f"within {task.span.days:g} days")
    to_file = task.output != _STDOUT
    if task.format is Format.PARQUET:
        if not to_file:
            raise OptionError("--output", task.output, "a file when --format is parquet")
        arrow()
    table = Table(task.device.spec.device_id)
    readings: Iterable[Row] = _with_progress(rows(task.device, task.span), task.span.count)
    if task.plot is not None:
        readings = table.collecting(readings)
    _write(task, readings)
    if task.plot is not None:
        task.plot.write_text(page(table, zone("--timezone", task.timezone)), encoding="utf-8")


def _write(task: Task, readings: Iterable[Row]) -> None:
    if task.format is Format.PARQUET:
        write_parquet(readings, Path(task.output))
        return
    lines = LINES[task.format](readings, task.device.kind.device_type)
    if task.output == _STDOUT:
        _write_lines(typer.get_text_stream("stdout"), lines)
    else:
        with Path(task.output).open("w", encoding="utf-8", newline="\n") as file:
            _write_lines(file, lines)


def _write_lines(file: TextIO, lines: Iterable[str]) -> None:
    file.writelines(text + "\n" for text in lines)


def _with_progress(readings: Iterator[Row], count: int) -> Iterable[Row]:
    console = Console(stderr=True)
    if not console.is_terminal:
        return readings
    return track(readings, "generating", total=count, console=console, update_period=0.1)
