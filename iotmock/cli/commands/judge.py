"""`iotmock judge`."""

from pathlib import Path
from typing import Annotated

import typer

from iotmock.cli.interrupts import imports
from iotmock.cli.lazy import lazy_app
from iotmock.cli.options import AsJson
from iotmock.cli.refusals import BAD_INPUT, one_line_errors

_MISSING = "iotmock judge: NumPy is needed, and is an extra: pip install 'iotmock[judge]'"

app = lazy_app()


@app.command()
def judge(  # noqa: PLR0913, PLR0917 - one parameter is one option
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE", help="CSV or Parquet with times and powers.")
    ],
    profile: Annotated[
        str | None, typer.Option(help="What to compare with; the nearest if left out.")
    ] = None,
    html: Annotated[Path | None, typer.Option(help="Write a page that shows it, too.")] = None,
    limit: Annotated[
        str | None, typer.Option(help="End with 1 where the distance is beyond it.")
    ] = None,
    timezone: Annotated[
        str | None, typer.Option(help="Whose days count; as they are written if left out.")
    ] = None,
    unit: Annotated[str | None, typer.Option(help="Of the powers: W, kW or MW.")] = None,
    time_column: Annotated[str | None, typer.Option(help="The column of times.")] = None,
    power_column: Annotated[
        list[str] | None, typer.Option(help="The column of powers; several are devices.")
    ] = None,
    device_column: Annotated[str | None, typer.Option(help="The column of devices.")] = None,
    time_format: Annotated[
        str | None, typer.Option(help="How times are written, as '%d %b %Y %H:%M'.")
    ] = None,
    cut: Annotated[str | None, typer.Option(help="Compare each week, or each day.")] = None,
    step: Annotated[str | None, typer.Option(help="Seconds over which powers are joined.")] = None,
    devices: Annotated[str, typer.Option(help="How many are simulated.")] = "12",
    seed: Annotated[str, typer.Option(help="Another seed is other devices.")] = "1",
    latitude: Annotated[str, typer.Option(help="Degrees, north positive.")] = "52.5",
    climate: Annotated[str, typer.Option(help="temperate, cold or hot.")] = "temperate",
    variation: Annotated[str, typer.Option(help="As DATA_VARIATION_PERCENT.")] = "0.1",
    country: Annotated[str, typer.Option(help="Whose public holidays are kept, or none.")] = "DE",
    region: Annotated[str, typer.Option(help="A part of it with its own, as BY.")] = "",
    as_json: AsJson = False,
) -> None:
    """Compare your own series with a profile: how near it is, and what to set.

    Ends with 0 when it has judged, with 1 where the distance is beyond --limit, and with 2 where a
    file or an option can not be read.
    """
    try:
        with imports():
            from iotmock.judge import commands
    except ModuleNotFoundError as error:
        if error.name != "numpy":
            raise
        typer.echo(_MISSING, err=True)
        raise typer.Exit(BAD_INPUT) from None
    asked = commands.Asked(
        files=files,
        profile=profile,
        html=html,
        limit=limit,
        timezone=timezone,
        unit=unit,
        time_column=time_column,
        power_columns=power_column or (),
        device_column=device_column,
        time_format=time_format,
        cut=cut,
        step=step,
        devices=devices,
        seed=seed,
        latitude=latitude,
        climate=climate,
        variation=variation,
        country=country,
        region=region,
        as_json=as_json,
    )
    with one_line_errors(commands.MENDABLE, "iotmock judge: "):
        commands.judge(asked)
