"""`iotmock generate` and `iotmock plot`; mounted by the command line."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, TextIO

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

_BAD_INPUT = 2
_STDOUT = "-"

app = typer.Typer(help="Series without a server.", add_completion=False)


@frozen
class Task:
    """What `generate` was asked for."""

    device: Device
    span: Span
    format: Format
    output: str
    plot: Path | None
    timezone: str


@app.command()
def generate(  # noqa: PLR0913, PLR0917 - one parameter is one option
    profile: Annotated[str, typer.Option(help="A device type or one of its profiles.")],
    start: Annotated[str, typer.Option(help="First day, or a time; local.")] = "2025-01-01",
    days: Annotated[str, typer.Option(help="How many days.")] = "7",
    step: Annotated[str, typer.Option(help="Seconds between readings.")] = "900",
    format: Annotated[str, typer.Option(help="csv, jsonl, parquet or influx.")] = "csv",  # noqa: A002
    output: Annotated[str, typer.Option("--output", "-o", help="A file; - is stdout.")] = _STDOUT,
    plot: Annotated[Path | None, typer.Option(help="Write a page that shows it, too.")] = None,
    seed: Annotated[str, typer.Option(help="Another seed is another fleet.")] = "0",
    base_power: Annotated[
        str | None, typer.Option(help="kW; the profile's own if left out.")
    ] = None,
    device_id: Annotated[str | None, typer.Option(help="The id in the readings.")] = None,
    timezone: Annotated[str, typer.Option(help="Where the day is the site's day.")] = "UTC",
    latitude: Annotated[str, typer.Option(help="Degrees, north positive.")] = "52.5",
    climate: Annotated[str, typer.Option(help="temperate, cold or hot.")] = "temperate",
    variation: Annotated[str, typer.Option(help="As DATA_VARIATION_PERCENT.")] = "0.1",
) -> None:
    """Write the readings of one device over days or years, without a server."""
    with _one_line_errors("generate"):
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
        chosen = Format(choice("--format", format, tuple(Format)))
        _run(Task(device, span, chosen, output, plot, timezone))


@app.command("plot")
def plot_file(
    file: Annotated[Path, typer.Argument(help="A CSV file as `generate` writes it.")],
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="The page; beside the file if left out.")
    ] = None,
    timezone: Annotated[str, typer.Option(help="Whose days and hours are shown.")] = "UTC",
) -> None:
    """Write a page that shows a series: one HTML file that needs no network."""
    with _one_line_errors("plot"):
        local = zone("--timezone", timezone)
        target = output or file.with_suffix(".html")
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


@contextmanager
def _one_line_errors(command: str) -> Iterator[None]:
    """Turn what a user can mend into one line on stderr and exit code 2."""
    try:
        yield
    except (OptionError, SeriesFileError, MissingExtraError, DeviceTypeEntryPointError) as error:
        typer.echo(f"iotmock {command}: {error}", err=True)
        raise typer.Exit(_BAD_INPUT) from error
    except BrokenPipeError:
        raise typer.Exit from None  # `| head` has seen enough
    except OSError as error:
        typer.echo(f"iotmock {command}: {error.filename}: {error.strerror}", err=True)
        raise typer.Exit(_BAD_INPUT) from error
