"""The status of a device, as it is said to the broker: online, offline or error."""

from collections.abc import Callable, Iterable
from itertools import chain

from iotmock.actors.devices.sides.surroundings import Surroundings
from iotmock.actors.messages import Outgoing
from iotmock.actors.ports.dialect import Entry, Voice
from iotmock.model.device import Device
from iotmock.model.reading import Status, StatusMessage
from iotmock.model.settings import settings_of


def publish_status(around: Surroundings, model: Device) -> None:
    """Publish the status; with a link of its own that is cut, the will says it."""
    _publish(around, model, around.dialect.voice(model).status)


def introduce(around: Surroundings, model: Device) -> None:
    """Publish what a device is that begins to live while there are connections."""
    voice = around.dialect.voice(model)
    _publish(around, model, voice.births)
    _publish_settings(around, model, voice)


def publish_settings(around: Surroundings, model: Device) -> None:
    """Publish what commands have set."""
    _publish_settings(around, model, around.dialect.voice(model))


def _publish_settings(around: Surroundings, model: Device, voice: Voice) -> None:
    for message in voice.settings(settings_of(model)):
        around.publisher.tell(message)
        around.hub.said(message)


def _publish(
    around: Surroundings, model: Device, words: Callable[[StatusMessage], Iterable[Outgoing]]
) -> None:
    carrier, device_id = around.publisher, model.spec.device_id
    status = _status(around, model, model.status)
    count_status(around, model)
    around.hub.status_changed(status)
    messages = tuple(words(status))
    for message in messages:
        around.hub.said(message)
    if model.cut_off and carrier.sever(device_id):
        return
    carrier.restore(device_id)
    for message in messages:
        carrier.tell(message)


def count_status(around: Surroundings, model: Device) -> None:
    """Have the status counted."""
    around.hub.statuses.note(model.spec.device_id, model.status, enabled=model.enabled)


def entry_of(around: Surroundings, model: Device, attempt: int) -> Entry:
    """Return what a connection of the device's own begins with: its will, what it hears."""
    return around.dialect.voice(model).entry(_status(around, model, "offline"), attempt)


def announce(around: Surroundings, model: Device) -> None:
    """Publish what a device is, its status and its settings, before the backlog."""
    voice = around.dialect.voice(model)
    births = voice.births(_status(around, model, model.status))
    for message in chain(births, voice.settings(settings_of(model))):
        around.publisher.tell_first(message)
        around.hub.said(message)


def say_goodbye(around: Surroundings, model: Device) -> None:
    """Publish the status offline, because the service ends."""
    for message in around.dialect.voice(model).status(_status(around, model, "offline")):
        around.publisher.tell(message)


def clear_status(around: Surroundings, device_id: str, model: Device | None = None) -> None:
    """Remove from the broker what a device has left there; None is one that has never lived."""
    for message in around.dialect.gone(device_id, model):
        around.publisher.tell(message)


def _status(around: Surroundings, model: Device, status: Status) -> StatusMessage:
    return model.status_message(around.clock.now(), status)
