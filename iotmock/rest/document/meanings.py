"""What the fields of answers mean, and their units: a name means the same wherever it stands."""

from typing import Any

_MEANINGS = {
    "power": "active power, kW",
    "voltage": "V",
    "current": "A",
    "energy": "what the meter has counted, kWh",
    "base_power": "what it draws at full load, kW",
    "base_power_spread": "base powers lie evenly in base_power · (1 ± it); 0.1 is ±10 %",
    "base_voltage": "nominal voltage, V",
    "interval": "time between two readings, s",
    "phases": "1 or 3",
    "power_factor": "cos φ, from 0 to 1, without unit",
    "speed": "seconds of simulated time in one of the wall clock's; 0 is as fast as possible; or "
    "`step`: by hand",
    "duration": "how long, s; without it until it is cleared",
    "per_day": "how often it happens by itself under FAULT_PROFILE=realistic, times a day",
    "seconds": "how long it took, s of real time",
    "lateness_s": "how late the last tick was, s",
    "lateness_p50_s": "half of the ticks were not later, s",
    "lateness_p99_s": "99 % of the ticks were not later, s",
    "lateness_max_s": "the latest tick, s",
    "share": "of those that match, from 0 to 1: 0.1 is a tenth",
    "seed": "the same seed draws the same",
    "qos": "MQTT's quality of service: 0, 1 or 2",
    "status": "HTTP's status code",
    "refusals": "how many messages the broker refused, by its reason",
    "groups": "how many devices each group shall have",
    "total": "how many there are in all, whatever of them is shown",
    "wanted": "how many devices there shall be",
    "present": "how many devices there are",
    "deleted": "how many devices were deleted singly",
    "affected": "how many messages it has touched",
    "injected": "how many devices have the fault now",
    "refused_total": "how many devices can not have it",
    "cleared": "how many faults have ended",
    "open": "how many connections are open",
    "devices": "how many devices there are",
    "left_out": "how many devices are not mirrored, beyond PLATFORM_SYNC_LIMIT",
}
_NUMBERS = {"number", "integer"}


def say_what_they_mean(components: dict[str, Any]) -> None:
    """Describe every field that has a meaning here, and every other number as a count."""
    for schema in components.values():
        for name, field in schema.get("properties", {}).items():
            meaning = _MEANINGS.get(name, f"how many: {name.replace('_', ' ')}")
            if "description" not in field and _is_number(field):
                field["description"] = meaning


def _is_number(field: dict[str, Any]) -> bool:
    inner = field.get("additionalProperties", {})
    kinds = [field, *field.get("anyOf", ()), *([inner] if isinstance(inner, dict) else [])]
    return any(kind.get("type") in _NUMBERS for kind in kinds)
