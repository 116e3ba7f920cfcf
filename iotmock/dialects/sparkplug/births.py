"""DBIRTH: all that a device will ever report, with what it is now."""

from collections.abc import Iterable, Iterator

from iotmock.dialects.sparkplug.payload import DataType, Metric, encode
from iotmock.dialects.sparkplug.readings import metrics, milliseconds
from iotmock.dialects.sparkplug.writable import RESULT, Writable
from iotmock.model.device import Device
from iotmock.model.reading import StatusMessage
from iotmock.model.settings import settings_of


def payload(device: Device, status: StatusMessage, writables: Iterable[Writable]) -> bytes:
    """Return the payload, without its number."""
    return encode(milliseconds(status.timestamp), _metrics(device, status, writables))


def _metrics(
    device: Device, status: StatusMessage, writables: Iterable[Writable]
) -> Iterator[Metric]:
    yield from metrics(device.reading_as(status.timestamp, status.status), units=True)
    yield Metric("status", DataType.STRING, status.status)
    yield Metric("enabled", DataType.BOOLEAN, status.enabled)
    spec, settings = device.spec, settings_of(device)
    yield Metric("Properties/name", DataType.STRING, spec.name)
    yield Metric("Properties/type", DataType.STRING, spec.device_type)
    yield Metric("Properties/location", DataType.STRING, spec.location)
    for writable in writables:
        yield writable.metric(settings)
    yield Metric(RESULT, DataType.STRING, None)
