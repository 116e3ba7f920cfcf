"""What `iotmock dialect` says: the templates that there are, and what devices say in one."""

import time
from collections.abc import Iterator
from itertools import chain

import typer

from iotmock.actors.ports.dialect import Dialect, Node, Voice
from iotmock.dialects.channels.examples import example_devices
from iotmock.dialects.sparkplug.dialect import Sparkplug
from iotmock.dialects.sparkplug.payload import readable
from iotmock.dialects.template.dialect import Template
from iotmock.dialects.template.errors import TemplateError
from iotmock.model.device import Device
from iotmock.model.families import DeviceTypeEntryPointError, installed
from iotmock.model.settings import settings_of
from iotmock.service.ground.words import BUILT_IN, read_named, shipped
from iotmock.settings.reading import read_settings

MENDABLE = (TemplateError, DeviceTypeEntryPointError)


def say_templates() -> None:
    """Print the dialects that come along: those that are code, and the templates."""
    for name in BUILT_IN:
        typer.echo(f"{name:<15} built in (docs/how-to/dialects.md)")
    for name, path in shipped().items():
        typer.echo(f"{name:<15} {read_named(name).about}\n{'':<15} {path}")


def say_check(name: str) -> None:
    """Print what a device of each type would say and hear.

    Raises:
        TemplateError: there is no such dialect, or it is not in order.
    """
    make = BUILT_IN.get(name)
    dialect = read_named(name) if make is None else make(read_settings({}, None))
    dialect.entry(Node("iotmock"))  # as if one were connected
    for device in example_devices(installed(), time.time()):
        typer.echo("\n".join(_lines(dialect, device)))
    if isinstance(dialect, Template) and dialect.per_device:
        typer.echo("needs MQTT_CONNECTIONS=per-device", err=True)


def _lines(dialect: Dialect, device: Device) -> Iterator[str]:
    now, voice = time.time(), dialect.voice(device)
    yield f"{device.spec.device_id} ({device.spec.name})"
    births = voice.births(device.status_message(now, "online"))
    show = readable if isinstance(dialect, Sparkplug) else _text
    for message in chain(births, voice.settings(settings_of(device))):
        yield _line("at connect", message.topic, show(message.payload))
    for topic, payload in _data(voice, device, now):
        yield _line("data", topic, "(nothing)" if payload is None else show(payload))
    entry = voice.entry(device.status_message(now, "offline"), 0)
    if entry.will is not None:
        yield _line("will", entry.will.topic, show(entry.will.payload))
    for topic_filter in entry.filters:
        yield _line("hears", topic_filter, "")


def _data(voice: Voice, device: Device, now: float) -> Iterator[tuple[str, bytes | None]]:
    said = voice.encode(device.reading(now))
    payloads = (said,) if isinstance(said, bytes) else said
    for place, payload in zip(voice.places, payloads, strict=True):
        yield place.topic, payload


def _text(payload: bytes) -> str:
    return payload.decode(errors="backslashreplace")


def _line(what: str, topic: str, shown: str) -> str:
    return f"  {what:<10} {topic} {shown}".rstrip()
