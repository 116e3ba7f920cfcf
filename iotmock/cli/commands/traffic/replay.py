"""`iotmock replay`."""

from enum import StrEnum
from math import inf
from pathlib import Path
from typing import Annotated

import typer

from iotmock.cli.interrupts import imports
from iotmock.cli.lazy import lazy_app
from iotmock.cli.numbers import number, whole
from iotmock.cli.options import AsJson
from iotmock.cli.refusals import one_line_errors

NOT_ALL_TAKEN = 1
INTERRUPTED = 130

app = lazy_app()


class Shift(StrEnum):
    """To where times in payloads are moved."""

    NOW = "now"


def _speed(text: str) -> float:
    return inf if text in {"max", "inf"} else number(0.001, 1_000_000)(text)


def _share(text: object) -> float:
    given = str(text)
    scale = 100.0 if given.endswith("%") else 1.0
    return number(0, scale)(given.removesuffix("%")) / scale


@app.command()
def replay(  # noqa: PLR0913, PLR0917 - one parameter is one option
    file: Annotated[Path, typer.Argument(help="What `iotmock record` wrote.")],
    broker: Annotated[
        str | None, typer.Option(help="HOST, HOST:PORT or a URL; overrides MQTT_BROKER_HOST.")
    ] = None,
    speed: Annotated[
        float,
        typer.Option(parser=_speed, metavar="TIMES", help="How many times as fast; or max."),
    ] = 1.0,
    shift: Annotated[
        Shift | None,
        typer.Option(help="Move RFC 3339 `timestamp` fields of JSON payloads, too."),
    ] = None,
    topic_map: Annotated[
        list[str] | None,
        typer.Option("--map", metavar="OLD=NEW", help="Replace first levels of topics."),
    ] = None,
    loop: Annotated[
        int, typer.Option(parser=whole(1, 10**9), metavar="N", help="Play it so many times.")
    ] = 1,
    qos: Annotated[
        int | None,
        typer.Option(parser=whole(0, 2), metavar="QOS", help="Of all; each its own if left out."),
    ] = None,
    drop: Annotated[
        float, typer.Option(parser=_share, metavar="SHARE", help="Leave so many out: 1% or 0.01.")
    ] = 0.0,
    duplicate: Annotated[
        float, typer.Option(parser=_share, metavar="SHARE", help="Send so many twice.")
    ] = 0.0,
    seed: Annotated[
        int, typer.Option(parser=whole(0, 2**63), metavar="N", help="Of what is drawn.")
    ] = 1,
    ledger: Annotated[
        Path | None,
        typer.Option(help="Where it is written what was done; FILE.faults.jsonl if left out."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Send recorded messages again, each when it is due, in the order in which they came.

    To the broker of MQTT_BROKER_HOST and its variables. Exit codes: 0 the broker has all of them,
    1 it refused or did not answer for some, 2 it could not be done, 130 interrupted.
    """
    with imports():
        from iotmock.cli.actions import traffic
        from iotmock.traffic.playing.command import Wanted
        from iotmock.traffic.playing.topic_map import TopicMap
    with one_line_errors(traffic.MENDABLE, "iotmock replay: "):
        topics = TopicMap.of(topic_map or [])
        faults = (drop, duplicate, seed, ledger)
        wanted = Wanted(speed, shift is not None, topics, loop, qos, *faults)
        all_taken, was_ended = traffic.replay(file, broker, wanted, as_json=as_json)
    if was_ended or not all_taken:
        raise typer.Exit(INTERRUPTED if was_ended else NOT_ALL_TAKEN)
