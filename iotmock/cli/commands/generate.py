"""`iotmock generate`."""

from pathlib import Path
from typing import Annotated

import typer

from iotmock.cli.interrupts import imports
from iotmock.cli.lazy import lazy_app
from iotmock.cli.options import AsJson
from iotmock.cli.refusals import one_line_errors

_STDOUT = "-"

app = lazy_app()


@app.command()
def generate(  # noqa: PLR0913, PLR0917 - one parameter is one option
    profile: Annotated[
        str | None, typer.Option(help="A device type or profile: see iotmock profiles.")
    ] = None,
    fleet: Annotated[
        str | None, typer.Option(help="In place of it, many, as hvac=50,lighting/street=20.")
    ] = None,
    start: Annotated[str, typer.Option(help="First day, or a time; local.")] = "2025-01-01",
    days: Annotated[str, typer.Option(help="How many days.")] = "7",
    step: Annotated[str, typer.Option(help="Seconds between readings.")] = "900",
    format: Annotated[str, typer.Option(help="csv, jsonl, parquet or influx.")] = "csv",  # noqa: A002
    output: Annotated[str, typer.Option("--output", "-o", help="A file; - is stdout.")] = _STDOUT,
    plot: Annotated[Path | None, typer.Option(help="Write a page that shows it, too.")] = None,
    seed: Annotated[
        str | None,
        typer.Option(help="Another seed is another fleet; 0, with --fleet 1 as FLEET_SEED."),
    ] = None,
    base_power: Annotated[
        str | None, typer.Option(help="kW; the profile's own if left out.")
    ] = None,
    device_id: Annotated[str | None, typer.Option(help="The id in the readings.")] = None,
    timezone: Annotated[str, typer.Option(help="Where the day is the site's day.")] = "UTC",
    latitude: Annotated[str, typer.Option(help="Degrees, north positive.")] = "52.5",
    longitude: Annotated[
        str | None, typer.Option(help="Degrees, east positive; the time zone's own if left out.")
    ] = None,
    climate: Annotated[str, typer.Option(help="temperate, cold or hot.")] = "temperate",
    country: Annotated[str, typer.Option(help="Whose public holidays are kept, or none.")] = "DE",
    region: Annotated[str, typer.Option(help="A part of it with its own, as BY.")] = "",
    variation: Annotated[str, typer.Option(help="As DATA_VARIATION_PERCENT.")] = "0.1",
    replay_folder: Annotated[
        Path | None, typer.Option(help="As REPLAY_FOLDER: its files are profiles.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Write readings of days or years without a server.

    Of one device (--profile), or of the devices that the service makes of FLEET (--fleet), with
    their ids and the fields of their messages.
    """
    with imports():
        from iotmock.history import commands
    asked = commands.Asked(
        profile=profile,
        fleet=fleet,
        device_id=device_id,
        base_power=base_power,
        start=start,
        days=days,
        step=step,
        form=format,
        output=None if output == _STDOUT else Path(output),
        plot=plot,
        seed=seed,
        timezone=timezone,
        latitude=latitude,
        longitude=longitude,
        climate=climate,
        country=country,
        region=region,
        variation=variation,
        replay_folder=replay_folder,
        as_json=as_json,
    )
    with one_line_errors(commands.MENDABLE, "iotmock generate: "):
        commands.generate(asked)
