"""What `iotmock dialect` says: the templates that there are, and what devices say in one."""

import time
from collections.abc import Iterator
from itertools import chain

import typer

from iotmock.actors.ports.dialect import Dialect, Node, Voice
from iotmock.dialects.template.dialect import Template
from iotmock.dialects.template.errors import TemplateError
from iotmock.model.device import Device
from iotmock.model.families import DeviceTypeEntryPointError, installed
from iotmock.model.family import DeviceType
from iotmock.model.settings import settings_of
from iotmock.model.site.site import Sites
from iotmock.model.spec import DeviceSpec, DeviceState
from iotmock.service.ground.words import BUILT_IN, read_named, shipped
from iotmock.settings.reading import read_settings

MENDABLE = (TemplateError, DeviceTypeEntryPointError)
_INTERVAL_S = 5.0


def say_templates() -> None:
    """Print the templates that come along."""
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
    for kind in installed():
        typer.echo("\n".join(_lines(dialect, _device(kind))))
    if isinstance(dialect, Template) and dialect.per_device:
        typer.echo("needs MQTT_CONNECTIONS=per-device", err=True)


def _device(kind: DeviceType) -> Device:
    first, device_id = kind.profile(None), f"mock-{kind.device_type}-001"
    spec = DeviceSpec(
        device_id, kind.device_type, kind.name, first.base_power, first.base_voltage, "Hall 1"
    )
    device = Device.make(spec, kind, Sites(1, 0.1), DeviceState(), _INTERVAL_S)
    device.tick(time.time(), _INTERVAL_S)
    return device


def _lines(dialect: Dialect, device: Device) -> Iterator[str]:
    now, voice = time.time(), dialect.voice(device)
    yield f"{device.spec.device_id} ({device.spec.name})"
    births = voice.births(device.status_message(now, "online"))
    for message in chain(births, voice.settings(settings_of(device))):
        yield _line("at connect", message.topic, message.payload)
    yield from _data(voice, device, now)
    entry = voice.entry(device.status_message(now, "offline"), 0)
    if entry.will is not None:
        yield _line("will", entry.will.topic, entry.will.payload)
    for topic_filter in entry.filters:
        yield _line("hears", topic_filter, b"")


def _data(voice: Voice, device: Device, now: float) -> Iterator[str]:
    said = voice.encode(device.reading(now))
    payloads = (said,) if isinstance(said, bytes) else said
    for place, payload in zip(voice.places, payloads, strict=True):
        yield _line("data", place.topic, b"(nothing)" if payload is None else payload)


def _line(what: str, topic: str, payload: bytes) -> str:
    return f"  {what:<10} {topic} {payload.decode(errors='backslashreplace')}".rstrip()
