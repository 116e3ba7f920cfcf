"""Expressions: what they give, what is refused, and that nobody gets more out of them."""

import gc
import random
import time
import tracemalloc
from collections.abc import Iterator
from itertools import islice
from typing import Any

import msgspec
import pytest

from iotmock.dialects.expressions.functions import functions
from iotmock.dialects.expressions.grammar import ExpressionError, parse
from iotmock.dialects.expressions.types import Name, Scope, Type, python
from iotmock.dialects.template.payload.tree import Compiler, LeafError

SCOPE: Scope = {
    "power": Name(Type.NUMBER, python("r['power']")),
    "status": Name(Type.TEXT, python("r['status']")),
    "enabled": Name(Type.TRUTH, python("r['enabled']")),
    "timestamp": Name(Type.TEXT, python("r['timestamp']")),
    "setpoint": Name(Type.NUMBER, python("r.get('setpoint')"), optional=True),
    "given": Name(Type.ANY, python("r.get('given')"), optional=True),
}
KNOWN = functions()
READING = {
    "power": 1.5,
    "status": "online",
    "enabled": True,
    "timestamp": "2025-08-11T12:00:00Z",
}


def value(text: object, **more: Any) -> Any:
    made = Compiler(SCOPE, KNOWN, "r").tree(text).value({**READING, **more})
    return msgspec.to_builtins(made)


@pytest.mark.parametrize(
    ("text", "gives"),
    [
        ("{power}", 1.5),
        ("{power * 1000}", 1500.0),
        ("{round(1.001 * 1000, 1)}", 1001.0),
        ("{int(power)}", 1),
        ("{2 ** 3}", 8.0),
        ("{'ON' if enabled else 'OFF'}", "ON"),
        ("{1 < power <= 2 and not status == 'error'}", True),
        ("{unix_ms(timestamp)}", 1_754_913_600_000),
        ("{iso(timestamp)}", "2025-08-11T12:00:00.000+00:00"),
        ("{text(power)} kW, {status}, {enabled}", "1.5 kW, online, true"),
        ("{{power}}", "{power}"),
        ("plain", "plain"),
        ("{0.00001 * 1}", 1e-05),
        ("{text(0.00001)}", "0.00001"),
    ],
)
def test_an_expression_gives(text: str, gives: object) -> None:
    assert value(text) == gives


@pytest.mark.parametrize(
    "text",
    [
        "{setpoint}",
        "{setpoint * 2}",
        "{power / (power - 1.5)}",
        "at {setpoint}",
        "{given * 99999999999}",
        "{(9e14 ** 10) ** 10}",
        "{int(9e14 ** 3)}",
    ],
)
def test_what_has_no_value_is_left_out(text: str) -> None:
    assert value({"a": text, "b": 1}, given="x" * 1000) == {"b": 1}


def test_a_setting_that_is_not_there_is_no_error_where_it_is_not_asked_for() -> None:
    assert value("{setpoint * 2 if status == 'error' else power}") == 1.5
    assert value("{setpoint * 2}", setpoint=21) == 42


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("{powr}", "unknown name 'powr'; did you mean power"),
        ("{power.real}", "has a attribute"),
        ("{power[0]}", "has a subscript"),
        ("{status * 3}", "needs a number and has a text at arithmetic"),
        ("{status + status}", "join texts as in"),
        ("{'a' * 9999999999}", "needs a number"),
        ("{print(power)}", "functions are round"),
        ("{round(power, digits=1)}", "otherwise than as round"),
        ("{(lambda: 1)()}", "calls what is no function"),
        ("{[x for x in status]}", "has a listcomp"),
        ("{power ** power}", "exponent"),
        ("{2 ** 11}", "exponent"),
        ("{1e16}", "beyond 1e+15"),
        ("{power < status}", "needs a number"),
        ("{status == power}", "compares a text with a number"),
        ("{enabled + 1}", "needs a number and has true or false"),
        ("{status if power else 1}", "needs true or false"),
        ("{power", "has a { alone; write {{"),
        ("{}", "is no expression"),
        ("{__import__('os')}", "functions are"),
        ("{power := 3}", "is no expression"),
        ("{f'{power}'}", "alone"),
        ("{b'x'}", "allowed are"),
        ("{1j}", "allowed are"),
        ("{...}", "allowed are"),
        ("{power if True else 1}", "has True; allowed are"),
    ],
)
def test_what_is_more_than_an_expression_is_refused(text: str, why: str) -> None:
    with pytest.raises(LeafError) as refusal:
        value(text)
    assert why in str(refusal.value)


def hostile(dice: random.Random) -> Iterator[str]:
    """Yield expressions that try to be deep, huge, strange, or more than an expression."""
    names = ["__class__", "__import__", "open", "eval", "é", "\u202e", "a" * 200, "\x00", "power.x"]
    while True:
        n = dice.randint(1, 100_000)
        yield "(" * n + "power" + ")" * dice.randint(0, n)
        yield "-" * n + "powe"
        yield "[" * n
        yield dice.choice(names) + dice.choice([".mro()", "()", "[0]", " + 1", ""])
        yield "9" * n
        yield f"'{'x' * dice.randint(1, 250)}' * {n}"
        yield f"{n} ** {n}"
        yield "2 ** 10 ** " * dice.randint(1, 20) + "10"
        yield "'%" + "9" * dice.randint(1, 200) + "d' % power"
        yield "power if " * dice.randint(1, 40) + "enabled"
        yield "not " * dice.randint(21, 75) + "enabled"
        yield "".join(chr(dice.randint(1, 0x10FFF)) for _ in range(dice.randint(5, 300))) + "("
        yield f"(lambda x: x(x))(lambda x: x(x)) or {n}"
        yield "[x for x in [1]" + " for y in [1]" * dice.randint(1, 20) + "]"
        yield "text(" * dice.randint(21, 58) + "power" + ")" * 58
        yield "status" + " < status" * dice.randint(1, 30)
        yield f"round(power, *[{n}])"
        yield "{" * dice.randint(1, 300)
        yield "'\\d' + status"
        yield "1_" * dice.randint(1, 140) + "_"


_MOST_NS = 10_000_000


@pytest.fixture(scope="module")
def attacks() -> list[str]:
    return list(islice(hostile(random.Random(7)), 10_000))


def refuse(text: str) -> None:
    with pytest.raises(ExpressionError):
        parse(text, SCOPE, KNOWN)


def test_ten_thousand_hostile_expressions_are_refused_within_10_ms_each(attacks: list[str]) -> None:
    gc.disable()  # what other tests have left would be gone through within one of them
    try:
        slow = [text for text in attacks if takes_ns(text) >= _MOST_NS]
        # Time that the machine was taken away within one counts as its own.
        slow = [text for text in slow if min(takes_ns(text) for _ in range(3)) >= _MOST_NS]
    finally:
        gc.enable()
    assert slow == []


def takes_ns(text: str) -> int:
    begin = time.thread_time_ns()
    refuse(text)
    return time.thread_time_ns() - begin


def test_and_within_a_megabyte_each(attacks: list[str]) -> None:
    largest = 0
    tracemalloc.start()
    try:
        for text in attacks:
            tracemalloc.reset_peak()
            before = tracemalloc.get_traced_memory()[0]
            refuse(text)
            largest = max(largest, tracemalloc.get_traced_memory()[1] - before)
    finally:
        tracemalloc.stop()
    assert largest < 1_000_000
