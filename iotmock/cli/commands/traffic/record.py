"""`iotmock record`."""

from pathlib import Path
from typing import Annotated

import typer

from iotmock.cli.interrupts import imports
from iotmock.cli.lazy import lazy_app
from iotmock.cli.numbers import number, whole
from iotmock.cli.options import AsJson
from iotmock.cli.refusals import one_line_errors

NOT_WHOLE = 1

app = lazy_app()


@app.command()
def record(
    topic: Annotated[list[str], typer.Option(help="A topic filter; may be given several times.")],
    output: Annotated[
        Path, typer.Option("--output", "-o", help="A new file: .parquet, or .jsonl.")
    ],
    broker: Annotated[
        str | None, typer.Option(help="HOST, HOST:PORT or a URL; overrides MQTT_BROKER_HOST.")
    ] = None,
    duration: Annotated[
        float | None,
        typer.Option(
            parser=number(0.1, 31_536_000),
            metavar="SECONDS",
            help="s to record, once subscribed; until Ctrl-C if left out.",
        ),
    ] = None,
    count: Annotated[
        int | None,
        typer.Option(parser=whole(1, 10**12), metavar="N", help="End after so many messages."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Record what a broker sends: topics, payloads, QoS, retain, and when each message came.

    From the broker of MQTT_BROKER_HOST and its variables, until Ctrl-C. Exit code 1: something
    came that is not in the file, and the last line says why.
    """
    with imports():
        from iotmock.cli.actions import traffic
    with one_line_errors(traffic.MENDABLE, "iotmock record: "):
        is_whole = traffic.record(tuple(topic), output, broker, (duration, count), as_json=as_json)
    if not is_whole:
        raise typer.Exit(NOT_WHOLE)
