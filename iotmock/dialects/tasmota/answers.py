"""What a plug answers at `stat/{t}/`: results, states and statuses."""

from collections.abc import Iterator

from iotmock.dialects.tasmota.energy import encode
from iotmock.dialects.tasmota.orders import Question, Refused
from iotmock.dialects.tasmota.state import (
    Content,
    Now,
    power_of,
    state,
    statuses,
    switched,
    tele_period,
)

Answer = tuple[str, bytes]
"""The last level of the topic, and the payload."""
RESULT = "RESULT"


def word_of(command: str | None) -> str:
    """Return the word for a command of iotmock's, as it comes to a whole location."""
    return "POWER" if command in {"set_enabled", "set_brightness"} else str(command)


def done(word: str, now: Now) -> Iterator[Answer]:
    """Yield what is answered where a command was carried out."""
    found = _contents(word, now)
    yield RESULT, encode({word: "Done"} if found is None else found)
    if word == "POWER":
        yield "POWER", power_of(now.device).encode()


def told(question: Question, now: Now) -> Iterator[Answer]:
    """Yield what is answered to a question."""
    if question.word == "STATUS":
        for name, content in statuses(question.about, now):
            yield name, encode(content)
    else:
        yield from done(question.word, now)


def refused(what: Refused) -> Answer:
    """Return what is answered to what is no command here."""
    if what.reason == "unknown":
        return RESULT, encode({"Command": "Unknown", "Input": what.word})
    return RESULT, encode({"Command": "Error", "Input": what.word, "Reason": what.reason})


def _contents(word: str, now: Now) -> Content | None:
    match word:
        case "POWER":
            return switched(now.device)
        case "TELEPERIOD":
            return {"TelePeriod": tele_period(now.device)}
        case "RESTART":
            return {"Restart": "Restarting"}
        case "ENERGYTOTAL":
            energy = now.sensor.ENERGY
            shown = {name: getattr(energy, name) for name in ("Total", "Yesterday", "Today")}
            return {"EnergyTotal": shown}
        case "STATE":
            return state(now)
    return None
