"""What `iotmock judge` does."""

from collections.abc import Sequence
from pathlib import Path
from zoneinfo import ZoneInfo

import typer
from attrs import frozen

from iotmock.files.json_text import json_text
from iotmock.history.formats import MissingExtraError
from iotmock.history.options import OptionError, OptionsError, choice, number, whole, zone
from iotmock.history.progress import shown
from iotmock.history.series import UnknownVariantError, variant
from iotmock.judge.piece import DAY_S, Cut
from iotmock.judge.report.as_json import as_json
from iotmock.judge.report.page import write_page
from iotmock.judge.report.text import text
from iotmock.judge.series.batch import RealSeriesError
from iotmock.judge.series.columns import IN_KW, Wanted
from iotmock.judge.series.read import Asked as AskedOfFiles
from iotmock.judge.series.read import read
from iotmock.judge.simulated import Surroundings
from iotmock.judge.verdict.plan import Plan
from iotmock.judge.verdict.verdict import NothingSimulatedError, Verdict
from iotmock.judge.verdict.verdict import judge as judged
from iotmock.model.families import DeviceTypeEntryPointError, installed
from iotmock.model.family import Catalogue, DeviceType, Profile
from iotmock.model.site.climate import CLIMATES
from iotmock.model.site.people.calendar import (
    PublicHolidays,
    UnknownCountryError,
    UnknownRegionError,
)
from iotmock.wording.words import meant

MENDABLE = (
    OptionError,
    OptionsError,
    RealSeriesError,
    MissingExtraError,
    NothingSimulatedError,
    DeviceTypeEntryPointError,
)
TOO_FAR = 1
"""The exit code where the distance is beyond --limit."""


@frozen(kw_only=True)
class Asked:
    """What `judge` was asked for, as the options have it."""

    files: Sequence[Path]
    profile: str | None
    time_column: str | None
    power_columns: Sequence[str]
    device_column: str | None
    unit: str | None
    time_format: str | None
    cut: str | None
    step: str | None
    devices: str
    seed: str
    timezone: str | None
    latitude: str
    climate: str
    variation: str
    country: str
    region: str
    limit: str | None
    html: Path | None
    as_json: bool


def judge(asked: Asked) -> None:
    """Say how near the devices of a profile are to a user's own series."""
    catalogue = installed()
    chosen = _chosen(catalogue, asked.profile)
    local = None if asked.timezone is None else zone("--timezone", asked.timezone)
    limit = None if asked.limit is None else number("--limit", asked.limit, (0.0, 1e6), "")
    around, devices = _around(asked), int(number("--devices", asked.devices, (1, 100), "devices"))
    seed, of_files = whole("--seed", asked.seed), _of_files(asked, local)
    with shown() as progress:
        series = read(asked.files, of_files)
        plan = Plan(series, around, local or ZoneInfo("UTC"), devices, seed)
        verdict = judged(plan, catalogue, chosen, progress)
    _tell(asked, verdict)
    if limit is not None and verdict.comparison.distance > limit:
        raise typer.Exit(TOO_FAR)


def _tell(asked: Asked, verdict: Verdict) -> None:
    if asked.html is not None:
        write_page(asked.html, verdict)
    if asked.as_json:
        typer.echo(json_text(as_json(verdict)))
        return
    for line in text(verdict):
        typer.echo(line)
    if asked.html is not None:
        typer.echo(f"wrote {asked.html}", err=True)


def _chosen(catalogue: Catalogue, name: str | None) -> tuple[DeviceType, Profile] | None:
    if name is None:
        return None
    bare = name.replace(":", "/", 1)
    try:
        return variant(catalogue, bare)
    except UnknownVariantError as error:
        allowed, near = f"one of {', '.join(error.known)}", meant(name[:80], error.known)
        raise OptionError("--profile", name, allowed, near) from error


def _of_files(asked: Asked, local: ZoneInfo | None) -> AskedOfFiles:
    unit = None if asked.unit is None else choice("--unit", asked.unit, tuple(IN_KW))
    wanted = Wanted(asked.time_column, tuple(asked.power_columns), asked.device_column, unit)
    cut = None if asked.cut is None else Cut(choice("--cut", asked.cut, tuple(Cut)))
    return AskedOfFiles(wanted, asked.time_format, local, cut, _step(asked.step))


def _step(text: str | None) -> float | None:
    if text is None:
        return None
    step_s = number("--step", text, (1.0, 3_600.0), "seconds")
    if (DAY_S / step_s) % 1.0:
        raise OptionError("--step", text, "a whole part of a day, as 60, 300 or 900")
    return step_s


def _around(asked: Asked) -> Surroundings:
    try:
        PublicHolidays.of(asked.country, asked.region)
    except UnknownCountryError as error:
        raise OptionsError(f"--country: {error}") from None
    except UnknownRegionError as error:
        raise OptionsError(f"--region: {error}") from None
    return Surroundings(
        "UTC" if asked.timezone is None else asked.timezone,
        number("--latitude", asked.latitude, (-90.0, 90.0), "degrees"),
        choice("--climate", asked.climate, tuple(CLIMATES)),
        number("--variation", asked.variation, (0.0, 1.0), ""),
        asked.country,
        asked.region,
    )
