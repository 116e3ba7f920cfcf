"""Commands as metrics that a host can write: what each is, what it shows, what a write means."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import msgspec
from attrs import frozen
from msgspec import inspect

from iotmock.dialects.sparkplug.payload import DataType, Heard, Metric, Value
from iotmock.model.commands import Command
from iotmock.model.family import DeviceType
from iotmock.model.settings import Settings
from iotmock.wording.no_json import NO_JSON

FOLDER = "Commands/"
RESULT = f"{FOLDER}result"
"""The metric that says what became of a command, in JSON, as iotmock has it."""
_TYPES = {
    inspect.FloatType: DataType.FLOAT,
    inspect.IntType: DataType.INT64,
    inspect.BoolType: DataType.BOOLEAN,
    inspect.StrType: DataType.STRING,
    inspect.LiteralType: DataType.STRING,
}
_SHOWN = {
    "set_power": ("base_power", 1.0),
    "set_base_power": ("base_power", 1.0),
    "set_voltage": ("base_voltage", 1.0),
    "set_interval": ("interval", 1.0),
    "set_enabled": ("enabled", 1.0),
    "set_online": ("online", 1.0),
    "set_setpoint": ("setpoint", 1.0),
    "set_brightness": ("brightness", 100.0),
    "set_load": ("load", 100.0),
}
"""The setting that a command sets, and how many of the command's unit are one of the setting's."""


class WriteError(ValueError):
    """What was written is no command, and why."""


@frozen
class Writable:
    """A command as a metric: it takes a parameter, all of them as JSON, or only to be written."""

    command: str
    datatype: DataType
    parameter: str | None = None
    optional: bool = False
    """Whether an empty text leaves the parameter out."""
    unit: str = ""

    @property
    def metric_name(self) -> str:
        """How it is called."""
        return FOLDER + self.command

    @property
    def is_trigger(self) -> bool:
        """Whether it has no parameters: `true` carries it out."""
        return self.datatype is DataType.BOOLEAN and self.parameter is None

    def metric(self, settings: Settings) -> Metric:
        """Return it with what the device is set to."""
        return Metric(self.metric_name, self.datatype, self._value(settings), self.unit)

    def _value(self, settings: Settings) -> Value | None:
        if self.is_trigger:
            return False
        name, factor = _SHOWN.get(self.command, ("", 1.0))
        value = settings.get(name)
        if self.datatype is not DataType.FLOAT or value is None:
            return value
        return float(value) * factor

    def shows(self, names: Iterable[str]) -> bool:
        """Say whether it shows one of these settings."""
        return _SHOWN.get(self.command, ("", 1.0))[0] in names

    def parameters(self, value: Value | None) -> Any:
        """Return the parameters that were written.

        Raises:
            WriteError: they are none.
        """
        if self.is_trigger:
            if value is not True:
                raise WriteError("is carried out by writing true")
            return {}
        if self.parameter is None:
            return self._whole(value)
        if self.optional and value in {None, ""}:
            return {}
        return {self.parameter: value}

    def _whole(self, value: Value | None) -> Any:
        try:
            return msgspec.json.decode(value if isinstance(value, str) else "")
        except NO_JSON:
            raise WriteError("takes its parameters as a text, a JSON object") from None


def of_type(kind: DeviceType) -> tuple[Writable, ...]:
    """Return the commands of a device type."""
    return tuple(writable(command) for command in kind.commands.values())


def writable(command: type[Command]) -> Writable:
    """Return how a command is written."""
    known = inspect.type_info(command)
    assert isinstance(known, inspect.StructType), "a command is one"  # noqa: S101
    match [one for one in known.fields if one.name in command.given()]:
        case []:
            return Writable(command.name, DataType.BOOLEAN)
        case [only]:
            datatype, unit, optional = _shape(only.type)
            if datatype is not None:
                return Writable(command.name, datatype, only.name, optional, unit)
    return Writable(command.name, DataType.STRING)


def _shape(known: inspect.Type) -> tuple[DataType | None, str, bool]:
    """Return the datatype of a parameter, its unit, and whether it may be left out."""
    match known:
        case inspect.Metadata():
            datatype, unit, optional = _shape(known.type)
            return datatype, (known.extra or {}).get("unit", unit).strip(), optional
        case inspect.UnionType(types=types):
            some = [one for one in types if not isinstance(one, inspect.NoneType)]
            datatype, unit, _ = _shape(some[0]) if len(some) == 1 else (None, "", False)
            return datatype, unit, True
    return _TYPES.get(type(known)), "", False


def requests(
    metrics: Iterable[Heard], known: Mapping[str, Writable]
) -> Iterator[tuple[bytes, str | None]]:
    """Yield for each metric of a DCMD the command as iotmock has it, and why it is none."""
    for metric in metrics:
        yield _request(metric, known)


def _request(metric: Heard, known: Mapping[str, Writable]) -> tuple[bytes, str | None]:
    name = metric.name.removeprefix(FOLDER)
    found = known.get(name) if metric.name.startswith(FOLDER) else None
    if found is None:
        what = metric.name[:64] or "a metric without a name"
        return _command(""), f"{what!r} is no metric that can be written; see the DBIRTH"
    try:
        return _command(name, found.parameters(metric.value)), None
    except WriteError as error:
        return _command(name), f"{metric.name} {error}"
    except RecursionError:
        return _command(name), f"{metric.name} has parameters that are too deep"


def _command(name: str, parameters: Any = None) -> bytes:
    return msgspec.json.encode({"command": name, "parameters": parameters or {}})
