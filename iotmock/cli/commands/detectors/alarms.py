"""`iotmock alarms`: hear what a platform finds, and score it."""

from pathlib import Path
from typing import Annotated

import typer

from iotmock.cli.interrupts import imports
from iotmock.cli.lazy import lazy_app
from iotmock.cli.numbers import number, whole
from iotmock.cli.options import AsJson
from iotmock.cli.refusals import one_line_errors

NOT_REACHED = 1

app = lazy_app(help="The alarms of a platform under test.", no_args_is_help=True)
_SHARE = number(0, 1)
_SECONDS = number(0, 31_536_000)


@app.callback()
def _group() -> None:
    pass


@app.command()
def listen(  # noqa: PLR0913, PLR0917 - one parameter is one option
    topic: Annotated[
        list[str] | None, typer.Option(help="A topic filter; may be given several times.")
    ] = None,
    http: Annotated[
        str | None,
        typer.Option(metavar="[HOST:]PORT", help="Take what is posted there; 0: a free port."),
    ] = None,
    broker: Annotated[
        str | None, typer.Option(help="HOST, HOST:PORT or a URL; overrides MQTT_BROKER_HOST.")
    ] = None,
    ledger: Annotated[
        Path | None, typer.Option(help="The ledger's file; default: FAULT_LEDGER's.")
    ] = None,
    duration: Annotated[
        float | None,
        typer.Option(parser=_SECONDS, metavar="SECONDS", help="s to listen; else until Ctrl-C."),
    ] = None,
    device_field: Annotated[
        str, typer.Option(help="Where an alarm names its device; dots go deeper.")
    ] = "device_id",
    time_field: Annotated[
        str, typer.Option(help="Where it says when; empty: when it came.")
    ] = "timestamp",
    kind_field: Annotated[str, typer.Option(help="Where it may name the fault.")] = "kind",
    each: Annotated[str, typer.Option(help="Which field is a list of alarms, if one is.")] = "",
    tolerance: Annotated[
        float,
        typer.Option(
            parser=number(0, 86_400),
            metavar="SECONDS",
            help="s after a fault's end in which an alarm still counts.",
        ),
    ] = 60.0,
    min_recall: Annotated[
        float | None, typer.Option(parser=_SHARE, metavar="SHARE", help="Least found / faults.")
    ] = None,
    min_precision: Annotated[
        float | None, typer.Option(parser=_SHARE, metavar="SHARE", help="Least right / alarms.")
    ] = None,
    max_delay: Annotated[
        float | None,
        typer.Option(parser=_SECONDS, metavar="SECONDS", help="Most s to find 95 of 100."),
    ] = None,
    max_false: Annotated[
        int | None, typer.Option(parser=whole(0, 10**9), metavar="N", help="Most false alarms.")
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Write the alarms as CSV, too.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Hear alarms while the service runs, and score them by its faults.

    From topics of the broker of MQTT_BROKER_HOST, a webhook, or both, until Ctrl-C. Exit code 1: a
    threshold was not reached.
    """
    with imports():
        from attrs import evolve

        from iotmock.cli.actions import alarms
    with one_line_errors(alarms.MENDABLE, "iotmock alarms listen: "):
        wanted = evolve(
            alarms.order(topic or [], broker, http, ledger),
            fields=alarms.Fields(device_field, time_field, kind_field, each),
            thresholds=alarms.Thresholds(min_recall, min_precision, max_delay, max_false),
            tolerance_s=tolerance,
            output=output,
        )
        all_reached = alarms.listen(wanted, duration, as_json=as_json)
    if not all_reached:
        raise typer.Exit(NOT_REACHED)
