"""The names that templates may use, and what Python each of them is.

In that Python `r` is the reading, `d` the device, `s` the settings of its family, `a` its own
attributes, `x` what a command said.
"""

from collections.abc import Iterable, Mapping

from iotmock.dialects.expressions.types import Name, Scope, Type, python
from iotmock.model.measures.full_reading import MEASURED

_NUMBER, _TEXT, _TRUTH = Type.NUMBER, Type.TEXT, Type.TRUTH

STATIC: Scope = {
    "device_id": Name(_TEXT, python("d.spec.device_id")),
    "name": Name(_TEXT, python("d.spec.name")),
    "type": Name(_TEXT, python("d.spec.device_type")),
    "location": Name(_TEXT, python("d.spec.location")),
    "profile": Name(_TEXT, python("d.profile.name")),
}
"""What may stand in a topic: it changes only when the device is described anew."""


PRELUDE = {"s": "d.family.settings()", "f": "d.measured(r)"}
"""What is asked for once, however many names are taken from it."""


def _setting(name: str, kind: Type) -> Name:
    return Name(kind, python(f"s.get({name!r})"), optional=True)


SETTINGS: Scope = {
    "base_power": Name(_NUMBER, python("d.spec.base_power")),
    "base_voltage": Name(_NUMBER, python("d.spec.base_voltage")),
    "interval": Name(_NUMBER, python("d.interval")),
    "online": Name(_TRUTH, python("d.online")),
    "setpoint": _setting("setpoint", _NUMBER),
    "brightness": _setting("brightness", _NUMBER),
    "load": _setting("load", _NUMBER),
    "line": _setting("line", _TRUTH),
}
"""What commands set; a device that knows no such command has no value."""

READING: Scope = {
    "power": Name(_NUMBER, python("r.power")),
    "voltage": Name(_NUMBER, python("r.voltage")),
    "current": Name(_NUMBER, python("r.current")),
    "energy": Name(_NUMBER, python("r.energy")),
    "timestamp": Name(_TEXT, python("r.timestamp")),
    "status": Name(_TEXT, python("r.status")),
    "enabled": Name(_TRUTH, python("r.enabled")),
}

NOT_MEASURED = ("tariff", "state")
MEASURES: Scope = {
    name: Name(_NUMBER, python(f"f.get({name!r})"), optional=True)
    for name in MEASURED
    if not name.startswith(NOT_MEASURED)
    and name not in SETTINGS
    and not name.endswith(("_t1", "_t2"))
}
"""What else a meter measures, whatever READING says; a device that does not has no value.

A template's attribute of such a name is meant instead: there were templates before these names.
"""

RESULT: Scope = {
    "id": Name(_TEXT, python("x.get('id')"), optional=True),
    "command": Name(_TEXT, python("x.get('command')"), optional=True),
    "outcome": Name(_TEXT, python("x['outcome']")),
    "reason": Name(_TEXT, python("x.get('reason')"), optional=True),
}
"""What became of a command: `outcome` is applied or rejected."""

ALL = (STATIC, SETTINGS, READING, RESULT)


def attributes(types: Mapping[str, Type]) -> Scope:
    """Return a template's own attributes as names."""
    return {name: Name(kind, python(f"a[{name!r}]")) for name, kind in types.items()}


def heard(names: Iterable[str]) -> Scope:
    """Return as names what topics and payloads of commands hold."""
    return {name: Name(Type.ANY, python(f"x.get({name!r})"), optional=True) for name in names}
