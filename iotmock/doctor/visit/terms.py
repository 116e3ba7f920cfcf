"""What a broker can, as it says in CONNACK, beside what the settings want of it."""

from collections.abc import Iterator

from attrs import frozen

from iotmock.doctor.finding import Finding, ok, problem, warning
from iotmock.mqtt import V5, Properties, Protocol
from iotmock.mqtt.session.limits import NO_LIMITS, Limits
from iotmock.settings.settings import Settings

_CHECK = "broker"
_SMALL = 1_000
"""Bytes: a data message with the longest ids, and what MQTT puts around it."""


@frozen
class Terms:
    """A broker as a visit has found it; `deaf` says that commands may not be subscribed to."""

    protocol: Protocol
    limits: Limits
    said: Properties
    deaf: bool


def terms_of(settings: Settings, place: str, terms: Terms) -> Iterator[Finding]:
    """Yield what it can, and then what it can not."""
    yield ok(_CHECK, f"{place} lets us in and speaks MQTT {terms.protocol}: {_told(terms)}")
    yield from _lacks(settings, terms)
    if terms.deaf:
        text = "this user may not subscribe to energy/devices/+/commands"
        yield warning(_CHECK, text, "allow it in the broker's ACL; till then commands come by REST")
    if terms.protocol != V5 and settings.mqtt_stamp == "properties":
        text = "MQTT_STAMP=properties needs MQTT 5, which the broker does not speak"
        yield problem(_CHECK, text, "set MQTT_STAMP=json")


def _told(terms: Terms) -> str:
    if terms.protocol != V5:
        return "its limits it can not say"
    limits, said = terms.limits, terms.said
    words = [
        f"QoS up to {limits.maximum_qos}",
        "retains" if limits.retain else "retains nothing",
        "wildcards" if limits.wildcards else "no wildcards",
        "packets of any size"
        if limits.largest == NO_LIMITS.largest
        else f"packets up to {limits.largest:,} bytes",
        f"{said.receive_maximum or 65_535:,} messages in flight",
        f"{limits.topic_aliases} topic aliases",
    ]
    if said.server_keep_alive is not None:
        words.append(f"keep-alive {said.server_keep_alive} s")
    return ", ".join(words)


def _lacks(settings: Settings, terms: Terms) -> Iterator[Finding]:
    limits = terms.limits
    if limits.maximum_qos < settings.mqtt_qos:
        text = f"it knows QoS {limits.maximum_qos} at most: MQTT_QOS={settings.mqtt_qos} is lowered"
        yield warning(_CHECK, text, f"set MQTT_QOS={limits.maximum_qos}, or see its configuration")
    if not limits.retain:
        text = "it retains nothing: who subscribes later does not learn the devices' statuses"
        yield warning(_CHECK, text, "allow retained messages in its configuration")
    if not limits.wildcards:
        text = "it has no wildcard subscriptions: commands are subscribed to for each device"
        yield warning(
            _CHECK, text, "beyond 10,000 devices use REST for commands: docs/reference/brokers.md"
        )
    if limits.largest < _SMALL:
        text = f"it takes packets up to {limits.largest} bytes, less than a long message has"
        yield problem(_CHECK, text, "raise its maximum packet size, or give devices shorter ids")
