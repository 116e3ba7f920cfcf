"""What `cmnd/{t}/{word}` means: commands of iotmock's, or a question.

Source: Tasmota's documentation, "Commands"; a word is one in any case, and may have a number.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import msgspec
from attrs import frozen

from iotmock.dialects.tasmota.discovery import is_dimmer
from iotmock.model.device import Device
from iotmock.wording.no_json import NO_JSON

_WORD = re.compile(r"(\D+)(\d{0,3})")
_ON, _OFF, _TOGGLE = {"1", "ON", "TRUE"}, {"0", "OFF", "FALSE"}, {"2", "TOGGLE"}
_NO_RELAY = "there is one relay: use Power or Power1"
_MOST_AT_ONCE = 30
"""Commands in a backlog, as Tasmota takes them."""


@frozen
class Order:
    """A command of iotmock's, and the word that it was given by, which its answer repeats."""

    word: str
    request: bytes
    """The command as the service takes it, in JSON."""

    @classmethod
    def of(cls, word: str, command: str, parameters: Any) -> "Order":
        """Return it for a command with its parameters.

        Raises:
            RecursionError: they are too deep.
        """
        return cls(word, msgspec.json.encode({"command": command, "parameters": parameters}))


@frozen
class Question:
    """Something that changes nothing; `about` is what follows the word."""

    word: str
    about: str = ""


@frozen
class Refused:
    """No command that a plug knows, or not with this value."""

    word: str
    reason: str


Meaning = Order | Question | Refused


def meanings(level: str, payload: bytes, device: Device) -> Iterator[Meaning]:
    """Yield what a message to a device says, by the last level of its topic."""
    text = payload[:1_000].decode(errors="replace").strip()
    if level.upper() not in {"BACKLOG", "BACKLOG0", "BACKLOG2"}:
        yield from _meanings(level, text, payload, device)
        return
    for each in text.split(";")[:_MOST_AT_ONCE]:
        word, _, value = each.strip().partition(" ")
        if word and word.upper() != "NODELAY":
            yield from _meanings(word, value.strip(), value.encode(), device)


def _meanings(level: str, text: str, payload: bytes, device: Device) -> Iterator[Meaning]:
    if level in device.kind.commands:
        yield _own(level, payload)
        return
    found = _WORD.fullmatch(level)
    word, number = ("", "") if found is None else (found[1].upper(), found[2])
    reader = _WORDS.get(word)
    if reader is None:
        yield Refused(level[:64], "unknown")
    else:
        yield from reader(number, text, device)


def _own(command: str, payload: bytes) -> Meaning:
    # What Tasmota has no word for goes by its own name, with its parameters in JSON.
    try:
        parameters = msgspec.json.decode(payload or b"{}")
        order = Order.of(command, command, parameters)
    except NO_JSON:
        return Refused(command, "parameters are no JSON, or too deep")
    return order


def _power(number: str, text: str, device: Device) -> Iterator[Meaning]:
    said = text.upper()
    if number not in {"", "0", "1"}:
        yield Refused(f"POWER{number}", _NO_RELAY)
    elif not said:
        yield Question("POWER")
    elif said in _ON | _OFF | _TOGGLE:
        on = not device.enabled if said in _TOGGLE else said in _ON
        yield Order.of("POWER", "set_enabled", {"enabled": on})
    else:
        yield Refused("POWER", "0 or OFF, 1 or ON, 2 or TOGGLE")


def _dimmer(number: str, text: str, device: Device) -> Iterator[Meaning]:
    percent = _number(text)
    if not is_dimmer(device) or number not in {"", "0", "1", "3"}:
        yield Refused("DIMMER", "unknown")
    elif not text:
        yield Question("POWER")
    elif percent is None or not 0 <= percent <= 100:
        yield Refused("DIMMER", "0 to 100")
    else:  # as the firmware does: the lamp goes on with it, and off at nought
        if percent:
            yield Order.of("POWER", "set_brightness", {"percent": percent})
        if device.enabled != (percent > 0):
            yield Order.of("POWER", "set_enabled", {"enabled": percent > 0})


def _tele_period(number: str, text: str, device: Device) -> Iterator[Meaning]:  # noqa: ARG001
    seconds = _number(text)
    if text and seconds is not None:
        yield Order.of("TELEPERIOD", "set_interval", {"interval": seconds})
    else:
        yield Question("TELEPERIOD")


def _restart(number: str, text: str, device: Device) -> Iterator[Meaning]:  # noqa: ARG001
    yield Order.of("RESTART", "reboot", {}) if text in {"1", "99"} else Refused("RESTART", "1")


def _energy(number: str, text: str, device: Device) -> Iterator[Meaning]:  # noqa: ARG001
    if not text:
        yield Question("ENERGYTOTAL")
    elif _number(text) == 0 and number in {"", "3"}:
        yield Order.of("ENERGYTOTAL", "reset_energy", {})
    else:
        yield Refused("ENERGYTOTAL", "0")


def _state(number: str, text: str, device: Device) -> Iterator[Meaning]:  # noqa: ARG001
    yield Question("STATE")


def _status(number: str, text: str, device: Device) -> Iterator[Meaning]:  # noqa: ARG001
    yield Question("STATUS", text or number)


def _number(text: str) -> float | None:
    try:
        return float(text) if len(text) <= 12 and text[:1] not in {"n", "i"} else None
    except ValueError:
        return None


_WORDS: Mapping[str, Callable[[str, str, Device], Iterator[Meaning]]] = {
    "POWER": _power,
    "DIMMER": _dimmer,
    "TELEPERIOD": _tele_period,
    "RESTART": _restart,
    "ENERGYTOTAL": _energy,
    "ENERGYRESET": _energy,
    "STATE": _state,
    "STATUS": _status,
}
