"""What `iotmock record` and `iotmock replay` do: from the settings to the last line."""

from math import inf
from pathlib import Path

import typer

from iotmock.broker.place import Place, place_of
from iotmock.cli.broker_option import broker_variables
from iotmock.files.json_text import json_text
from iotmock.mqtt import MqttError
from iotmock.settings.errors import SettingsError
from iotmock.traffic.errors import TrafficError
from iotmock.traffic.playing.command import Wanted
from iotmock.traffic.playing.command import replay as play
from iotmock.traffic.playing.tally import told as told_of_playing
from iotmock.traffic.recording.command import record as write_down
from iotmock.traffic.recording.tally import told as told_of_recording

MENDABLE = (TrafficError, SettingsError, MqttError)


def record(
    topic_filters: tuple[str, ...],
    path: Path,
    broker: str | None,
    most: tuple[float | None, int | None],
    *,
    as_json: bool,
) -> bool:
    """Record for so many s and messages at the `most`; return whether all is in the file."""
    seconds, messages = most
    place = _place(broker, "iotmock-record")
    done = write_down(place, topic_filters, path, seconds or inf, messages or inf)
    typer.echo(json_text(done) if as_json else told_of_recording(done))
    return done.is_whole


def _place(broker: str | None, name: str) -> Place:
    return place_of({} if broker is None else broker_variables(broker), name)


def replay(path: Path, broker: str | None, wanted: Wanted, *, as_json: bool) -> tuple[bool, bool]:
    """Play a file; return whether the broker has all of it, and whether a signal ended it."""
    done, was_ended = play(_place(broker, "iotmock-replay"), path, wanted)
    typer.echo(json_text(done) if as_json else told_of_playing(done))
    return done.all_taken, was_ended
