"""STATE, and what STATUS polls are answered with: how a plug is, without what it measures.

Source: arendst/Tasmota support_tasmota.ino (MqttShowState), support_command.ino (CmndStatus).
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from attrs import frozen

from iotmock.dialects.tasmota import discovery
from iotmock.dialects.tasmota.energy import Sensor
from iotmock.model.device import Device

Content = Mapping[str, Any]
_WIFI = {
    "AP": 1,
    "SSId": "iotmock",
    "BSSId": "02:00:00:00:00:01",
    "Channel": 6,
    "Mode": "11n",
    "RSSI": 76,
    "Signal": -62,
    "LinkCount": 1,
    "Downtime": "0T00:00:03",
}


@frozen
class Now:
    """A plug at a moment: local time, and for how many s it is up."""

    device: Device
    mac: str
    time: str
    utc: str
    up_s: int
    sensor: Sensor


def power_of(device: Device) -> str:
    """Return how the relay stands."""
    return "ON" if device.enabled else "OFF"


def switched(device: Device) -> dict[str, Any]:
    """Return the relay, and the brightness of a lamp."""
    found: dict[str, Any] = {"POWER": power_of(device)}
    if discovery.is_dimmer(device):
        found["Dimmer"] = round(100.0 * float(device.family.settings().get("brightness", 1.0)))
    return found


def state(now: Now) -> Content:
    """Return STATE."""
    return {
        "Time": now.time,
        "Uptime": _uptime(now.up_s),
        "UptimeSec": now.up_s,
        "Heap": 26,
        "SleepMode": "Dynamic",
        "Sleep": 50,
        "LoadAvg": 19,
        "MqttCount": 1,
        **switched(now.device),
        "Wifi": _WIFI,
    }


def statuses(which: str, now: Now) -> Iterator[tuple[str, Content]]:
    """Yield what a poll is answered with: topic levels below `stat/{t}/`, and contents.

    `which` is the number that was asked for; empty is the short status, 0 are all.
    """
    for number in _STATUSES if which == "0" else (which,):
        if (found := _STATUSES.get(number)) is not None:
            name, make = found
            yield f"STATUS{number}", {name: make(now)}


def _uptime(seconds: int) -> str:
    days, rest = divmod(seconds, 86_400)
    return f"{days}T{rest // 3600:02d}:{rest // 60 % 60:02d}:{rest % 60:02d}"


def _short(now: Now) -> Content:
    spec = now.device.spec
    return {
        "Module": 1,
        "DeviceName": spec.name,
        "FriendlyName": [spec.name],
        "Topic": spec.device_id,
        "ButtonTopic": "0",
        "Power": int(now.device.enabled),
        "PowerOnState": 3,
    }


def _parameters(now: Now) -> Content:
    return {
        "GroupTopic": "tasmotas",
        "RestartReason": "Software/System restart",
        "Uptime": _uptime(now.up_s),
        "BootCount": 1,
    }


def _firmware(now: Now) -> Content:  # noqa: ARG001
    return {"Version": f"{discovery.VERSION}(iotmock)", "Hardware": "iotmock"}


def _logging(now: Now) -> Content:
    return {"TelePeriod": tele_period(now.device)}


def _network(now: Now) -> Content:
    pairs = (now.mac[at : at + 2] for at in range(0, 12, 2))
    return {
        "Hostname": discovery.hostname(now.device, now.mac),
        "IPAddress": discovery.address(now.mac),
        "Subnetmask": "255.0.0.0",
        "Mac": ":".join(pairs),
    }


def _mqtt(now: Now) -> Content:
    return {"MqttClient": now.device.spec.device_id, "MqttCount": 1, "MqttUser": ""}


def _clock(now: Now) -> Content:
    return {"UTC": now.utc, "Local": now.time}


def _sensors(now: Now) -> Any:
    return now.sensor


def tele_period(device: Device) -> float:
    """Return the s between two readings, as a whole number where it is one."""
    return int(device.interval) if device.interval.is_integer() else device.interval


_STATUSES: Mapping[str, tuple[str, Callable[[Now], Any]]] = {
    "": ("Status", _short),
    "1": ("StatusPRM", _parameters),
    "2": ("StatusFWR", _firmware),
    "3": ("StatusLOG", _logging),
    "5": ("StatusNET", _network),
    "6": ("StatusMQT", _mqtt),
    "7": ("StatusTIM", _clock),
    "8": ("StatusSNS", _sensors),
    "10": ("StatusSNS", _sensors),
    "11": ("StatusSTS", state),
}
