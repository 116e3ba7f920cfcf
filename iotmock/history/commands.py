"""What `iotmock generate` and `iotmock plot` do."""

from pathlib import Path

import typer
from attrs import frozen

from iotmock.files.json_text import json_text
from iotmock.history.chosen import Chosen, fleet, one_device
from iotmock.history.files import Target, write
from iotmock.history.formats import Format, MissingExtraError, arrow
from iotmock.history.options import (
    OptionError,
    OptionsError,
    choice,
    moment,
    number,
    whole,
    zone,
)
from iotmock.history.page.csv_file import SeriesFileError, read_csv
from iotmock.history.page.plot import write_page
from iotmock.history.page.table import Table
from iotmock.history.progress import shown
from iotmock.history.series import Span, rows
from iotmock.model.families import DeviceTypeEntryPointError, installed
from iotmock.model.site.climate import CLIMATES
from iotmock.model.site.people.calendar import (
    PublicHolidays,
    UnknownCountryError,
    UnknownRegionError,
)
from iotmock.model.site.sites import Sites
from iotmock.model.timestamp import rfc3339
from iotmock.replays.errors import ReplayFileError
from iotmock.replays.folder import with_replays

MENDABLE = (
    OptionError,
    OptionsError,
    SeriesFileError,
    MissingExtraError,
    DeviceTypeEntryPointError,
    ReplayFileError,
)
_SEED, _SEED_OF_SERVICE = "0", "1"


@frozen(kw_only=True)
class Asked:
    """What `generate` was asked for, as the options have it."""

    profile: str | None
    fleet: str | None
    device_id: str | None
    base_power: str | None
    start: str
    days: str
    step: str
    form: str
    output: Path | None
    plot: Path | None
    seed: str | None
    timezone: str
    latitude: str
    longitude: str | None
    climate: str
    country: str
    region: str
    variation: str
    replay_folder: Path | None
    as_json: bool


def generate(asked: Asked) -> None:
    """Write the readings of one device or of a fleet over days or years."""
    _refuse_what_does_not_go_together(asked)
    chosen, span = _chosen(asked, _sites(asked)), _span(asked)
    target = Target(_format(asked), asked.output, of_fleet=chosen.is_fleet)
    table = Table(chosen.name)
    with shown(beside_stdout=asked.output is None) as progress:
        count = span.count * len(chosen.devices)
        readings = progress(rows(chosen.devices, span), count, "readings")
        if asked.plot is not None:
            readings = table.collecting(readings)
        write(target, readings)
        if asked.plot is not None:
            write_page(asked.plot, table, zone("--timezone", asked.timezone), progress)
    _sum_up(asked, chosen, span)


def plot(file: Path, target: Path, timezone: str, *, as_json: bool) -> None:
    """Write a page that shows a series."""
    local = zone("--timezone", timezone)
    table = read_csv(file)
    with shown() as progress:
        write_page(target, table, local, progress)
    if as_json:
        typer.echo(json_text({"page": str(target), "times": len(table.times)}))
    else:
        typer.echo(f"wrote {target}", err=True)


def _refuse_what_does_not_go_together(asked: Asked) -> None:
    if (asked.profile is None) == (asked.fleet is None):
        raise OptionsError("give --profile for one device, or --fleet for many, and not both")
    if asked.fleet is not None and (asked.device_id, asked.base_power) != (None, None):
        raise OptionsError("--device-id and --base-power are of one device: give --profile")
    if asked.as_json and asked.output is None:
        raise OptionsError("--json tells of a file: give --output, too")


def _chosen(asked: Asked, sites: Sites) -> Chosen:
    folder = None if asked.replay_folder is None else str(asked.replay_folder)
    catalogue = with_replays(installed(), folder, asked.timezone)
    if asked.fleet is not None:
        return fleet(catalogue, sites, asked.fleet)
    return one_device(catalogue, sites, asked.profile or "", asked.device_id, asked.base_power)


def _sites(asked: Asked) -> Sites:
    seed = _SEED if asked.fleet is None else _SEED_OF_SERVICE
    try:
        PublicHolidays.of(asked.country, asked.region)
    except UnknownCountryError as error:
        raise OptionsError(f"--country: {error}") from None
    except UnknownRegionError as error:
        raise OptionsError(f"--region: {error}") from None
    return Sites(
        whole("--seed", seed if asked.seed is None else asked.seed),
        number("--variation", asked.variation, (0.0, 1.0), ""),
        number("--latitude", asked.latitude, (-90.0, 90.0), "degrees"),
        zone("--timezone", asked.timezone).key,
        choice("--climate", asked.climate, tuple(CLIMATES)),
        asked.country,
        asked.region,
        None
        if asked.longitude is None
        else number("--longitude", asked.longitude, (-180.0, 180.0), "degrees"),
    )


def _span(asked: Asked) -> Span:
    span = Span(
        moment("--start", asked.start, zone("--timezone", asked.timezone)),
        number("--days", asked.days, (0.01, 36_525.0), "days"),
        number("--step", asked.step, (0.1, 86_400.0), "seconds"),
    )
    if span.count < 1:
        raise OptionError("--step", f"{span.step_s:g}", f"within {span.days:g} days")
    return span


def _format(asked: Asked) -> Format:
    form = Format(choice("--format", asked.form, tuple(Format)))
    if form is Format.PARQUET:
        if asked.output is None:
            raise OptionError("--output", "-", "a file when --format is parquet")
        arrow()
    return form


def _sum_up(asked: Asked, chosen: Chosen, span: Span) -> None:
    devices = len(chosen.devices)
    readings = devices * span.count
    if asked.as_json:
        typer.echo(json_text(_summary(asked, span, devices, readings)))
        return
    if asked.output is not None:
        of = "1 device" if devices == 1 else f"{devices:,} devices"
        typer.echo(f"wrote {asked.output}: {readings:,} readings of {of}", err=True)
    if asked.plot is not None:
        typer.echo(f"wrote {asked.plot}", err=True)


def _summary(asked: Asked, span: Span, devices: int, readings: int) -> dict[str, object]:
    return {
        "file": str(asked.output),
        "format": asked.form,
        "page": None if asked.plot is None else str(asked.plot),
        "devices": devices,
        "readings": readings,
        "first": rfc3339(span.start + span.step_s),
        "last": rfc3339(span.start + span.count * span.step_s),
        "step_s": span.step_s,
    }
