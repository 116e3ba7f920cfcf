"""How a plug describes itself, for whoever finds devices by it: retained, config and sensors.

Source: arendst/Tasmota xdrv_12_discovery.ino; hatasmota 0.9.2, discovery.py: every key is needed.
"""

from collections.abc import Mapping
from typing import Any

from iotmock.dialects.tasmota.energy import Sensor
from iotmock.model.device import Device

VERSION = "14.4.1"
"""The firmware whose words these are."""
_MOST_RELAYS = 32
_RELAY, _LIGHT = 1, 2
_OPTIONS = {
    "4": 0,
    "11": 0,
    "13": 0,
    "17": 0,
    "20": 0,
    "30": 0,
    "68": 0,
    "73": 0,
    "82": 0,
    "114": 0,
    "117": 0,
}
_DIMS = "set_brightness"


def is_dimmer(device: Device) -> bool:
    """Say whether it is a lamp with a brightness, and not a plug."""
    return _DIMS in device.kind.commands


def hostname(device: Device, mac: str) -> str:
    """Return what it is called in its network."""
    return f"{device.spec.device_id}-{int(mac[-4:], 16) % 8192:04d}"


def address(mac: str) -> str:
    """Return its address there, by the last half of its MAC."""
    return "10." + ".".join(str(byte) for byte in bytes.fromhex(mac[-6:]))


def config(device: Device, mac: str) -> Mapping[str, Any]:
    """Return what a plug says it is."""
    spec, dims = device.spec, is_dimmer(device)
    return {
        "ip": address(mac),
        "dn": spec.name,
        "fn": [spec.name, *[None] * 7],
        "hn": hostname(device, mac),
        "mac": mac,
        "md": f"iotmock {device.profile.name} ({spec.device_type})",
        "ty": 0,
        "if": 0,
        "ofln": "Offline",
        "onln": "Online",
        "state": ["OFF", "ON", "TOGGLE", "HOLD"],
        "sw": VERSION,
        "t": spec.device_id,
        "ft": "%prefix%/%topic%/",
        "tp": ["cmnd", "stat", "tele"],
        "rl": [_LIGHT if dims else _RELAY, *[0] * (_MOST_RELAYS - 1)],
        "swc": [-1] * 8,
        "swn": [None] * 8,
        "btn": [0] * 8,
        "so": _OPTIONS,
        "lk": 0,
        "lt_st": 1 if dims else 0,
        "bat": 0,
        "dslp": 0,
        "sho": [],
        "sht": [],
        "ver": 1,
    }


def sensors(sensor: Sensor) -> Mapping[str, Any]:
    """Return what it measures, by an example."""
    return {"sn": sensor, "ver": 1}
