"""Which settings a template goes with: its broker may ask for some."""

from collections.abc import Iterator

from iotmock.dialects.template.dialect import Template
from iotmock.settings.errors import SettingsError
from iotmock.settings.settings import Settings


def check_beside(template: Template, settings: Settings) -> None:
    """See to it that a template and the other settings go together.

    Raises:
        SettingsError: they do not, and what to set instead.
    """
    for complaint in (*_of_the_broker(template, settings), *_of_messages(template, settings)):
        raise SettingsError(complaint)


def _of_the_broker(template: Template, settings: Settings) -> Iterator[str]:
    needs = f"DIALECT={template.name} needs"
    broker = template.broker
    if template.per_device and settings.mqtt_connections.model != "per-device":
        yield f"{needs} MQTT_CONNECTIONS=per-device: its topics do not say whose they are"
    if broker.protocol not in {"any", settings.mqtt_protocol}:
        yield f"{needs} MQTT_PROTOCOL={broker.protocol}: its broker speaks no other"
    if broker.tls and not settings.mqtt_tls:
        yield f"{needs} MQTT_TLS=on: its broker takes no other connections"
    if settings.mqtt_qos > broker.most_qos:
        yield f"{needs} MQTT_QOS={broker.most_qos} or less: its broker takes no more"


def _of_messages(template: Template, settings: Settings) -> Iterator[str]:
    beside = f"is not allowed with DIALECT={template.name}"
    if settings.mqtt_settings_topic:
        yield (
            f"MQTT_SETTINGS_TOPIC=on {beside}: let its births or its data say setpoint, brightness "
            "and base_power"
        )
    if settings.mqtt_stamp == "json" and not template.is_json:
        yield (
            f"MQTT_STAMP=json {beside}, whose data is not all JSON objects: use "
            "MQTT_STAMP=properties"
        )
