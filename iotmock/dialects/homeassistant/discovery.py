"""Discovery: what Home Assistant is told of a device, so that it shows and switches it.

Source: Home Assistant 2025.1, components/mqtt/discovery.py, schemas.py.
"""

from collections.abc import Iterator
from typing import Literal

import msgspec
from attrs import frozen

from iotmock.actors.messages import RETAINED, Kind, Outgoing
from iotmock.dialects.homeassistant.entities import entities
from iotmock.dialects.homeassistant.ids import uid_of
from iotmock.dialects.homeassistant.sensors import ALWAYS_AVAILABLE, Component
from iotmock.dialects.homeassistant.topics import Topics
from iotmock.dialects.native.topics import status_topic
from iotmock.model.device import Device
from iotmock.version import VERSION

Style = Literal["device", "component"]

_ORIGIN = {"name": "iotmock", "sw_version": VERSION}
_QOS = 1
_AVAILABLE = "{{ 'online' if value_json.status == 'online' else 'offline' }}"


@frozen
class Discovery:
    """Describes devices: each in one message, or each of its entities in one."""

    topics: Topics
    style: Style = "device"

    def of(self, device: Device, connection: str | None) -> Iterator[Outgoing]:
        """Yield what describes a device; `connection` is the topic that says whether its lives."""
        device_id = device.spec.device_id
        shared = [] if connection is None else [{"topic": connection}]
        own = {"topic": status_topic(device_id), "value_template": _AVAILABLE}
        always, usual = _availability(shared), _availability([*shared, own])
        found = dict(_identified(device))
        for key in ALWAYS_AVAILABLE & found.keys():
            found[key] |= always
        yield from self._said(device, found, usual | _about(device))

    def _said(
        self, device: Device, found: dict[str, Component], common: Component
    ) -> Iterator[Outgoing]:
        device_id = device.spec.device_id
        if self.style == "device":
            topic = self.topics.of_device(uid_of(device_id))
            yield _outgoing(device_id, topic, common | {"components": found})
            return
        for topic, component in self._placed(device_id, found):
            yield _outgoing(device_id, topic, common | component)

    def _placed(
        self, device_id: str, found: dict[str, Component]
    ) -> Iterator[tuple[str, Component]]:
        for key, component in found.items():
            platform = component.pop("platform")
            yield self.topics.of_component(platform, uid_of(device_id), key), component

    def gone(self, device_id: str, device: Device | None) -> Iterator[Outgoing]:
        """Yield what removes a device; the entities of one that has never lived are not known."""
        if self.style == "device":
            yield _outgoing(device_id, self.topics.of_device(uid_of(device_id)), None)
        elif device is not None:
            for topic, _ in self._placed(device_id, dict(entities(device))):
                yield _outgoing(device_id, topic, None)


def _identified(device: Device) -> Iterator[tuple[str, Component]]:
    uid = uid_of(device.spec.device_id)
    for key, component in entities(device):
        # No option that all components of a device could have in common is handed on but topics.
        yield key, component | {"unique_id": f"{uid}_{key}", "qos": _QOS}


def _availability(topics: list[dict[str, str]]) -> Component:
    return {"availability": topics, "availability_mode": "all"}


def _about(device: Device) -> Component:
    spec, kind = device.spec, device.kind
    described = {
        "identifiers": [f"iotmock_{uid_of(spec.device_id)}"],
        "name": spec.name,
        "manufacturer": "iotmock",
        "model": f"{kind.name}, {device.profile.name}",
        "serial_number": spec.device_id,
        "sw_version": VERSION,
    }
    if spec.location:
        described["suggested_area"] = spec.location
    return {"device": described, "origin": _ORIGIN}


def _outgoing(device_id: str, topic: str, content: Component | None) -> Outgoing:
    payload = b"" if content is None else msgspec.json.encode(content)
    return Outgoing(Kind.STATUS, device_id, payload, topic, manner=RETAINED)
