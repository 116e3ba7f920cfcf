"""The demo's site: a few devices at a place of work, on a working day at ten in the morning."""

from datetime import UTC, datetime, time, timedelta
from typing import Any

from iotmock.own_broker.broker import OwnBroker
from iotmock.settings.reading import read_settings
from iotmock.settings.settings import Settings

USUAL_PORT = 8090
INTERVAL_S = 1.0
NAME = "site"
WATCHED = f"{NAME}-hvac-000001"
"""The device that the demo looks at."""
_SUNDAY = 6
_SATURDAY = 5


def working_morning(now: datetime) -> datetime:
    """Return ten o'clock on this day, or on the last working day before it. UTC."""
    day = now.date()
    while day.weekday() in {_SATURDAY, _SUNDAY}:
        day -= timedelta(days=1)
    return datetime.combine(day, time(10), UTC)


def settings_of(broker: OwnBroker, port: int, morning: datetime, state_file: str) -> Settings:
    """Return the settings of the demo's service; nothing of this process's environment."""
    environment = {
        "HOST": "127.0.0.1",
        "PORT": str(port),
        "MQTT_BROKER_HOST": broker.host,
        "MQTT_BROKER_PORT": str(broker.port),
        "MQTT_USERNAME": broker.username,
        "MQTT_PASSWORD": broker.password,
        "MQTT_PROTOCOL": broker.protocol,
        "MQTT_EMBEDDED_BROKER": "off",
        "SIMULATION_INTERVAL": f"{INTERVAL_S}",
        "SIMULATION_NOW": morning.isoformat(),
        "STATE_FILE": state_file,
        "DEFAULT_DEVICES": "off",
        "SHUTDOWN_TIMEOUT": "2",
        "LOG_LEVEL": "error",
    }
    return read_settings(environment, file=None)


def fleet() -> dict[str, Any]:
    """Return the site as `POST /api/v1/fleets` takes it."""
    counts = {"hvac": 2, "lighting": 4, "server": 2, "industrial": 1, "appliance": 3}
    groups = [
        {"device_type": kind, "count": count, "location": NAME} for kind, count in counts.items()
    ]
    return {"name": NAME, "groups": groups}


def size(body: dict[str, Any]) -> int:
    """Return how many devices a fleet has."""
    return sum(group["count"] for group in body["groups"])
