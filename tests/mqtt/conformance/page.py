"""The table of statements as a page."""

from collections.abc import Iterator
from pathlib import Path

from tests.mqtt.conformance.statements import STANDARDS, Ours, Standard

PATH = Path(__file__).parents[3] / "docs/reference/mqtt-conformance.md"
_INTRODUCTION = """\
# What the standards demand of a client

Every numbered statement of MQTT 3.1.1 and MQTT 5.0, with the tests that show that the client of
this project keeps it, or why it does not bind a client. The words are ours; what counts is the
standard. `make conformance` writes this page, and a test fails if a number is missing or a test
does not exist.
"""


def page() -> str:
    """Return the page."""
    parts = [_INTRODUCTION, *("\n".join(section(one)) for one in STANDARDS)]
    return "\n".join(parts)


def section(standard: Standard, whom: str = "a client") -> Iterator[str]:
    """Yield the lines of a standard: what binds us, then what does not."""
    ours, others = len(standard.ours), len(standard.not_ours)
    yield f"## {standard.title}\n"
    yield f"{ours + others} statements: {ours} that bind {whom}, {others} that do not.\n"
    yield "| number | | shown by |"
    yield "|---|---|---|"
    for number in standard.numbers:
        if number in standard.ours:
            yield _row(number, standard.ours[number])
    yield "\n| number | not ours |"
    yield "|---|---|"
    for number in standard.numbers:
        if number in standard.not_ours:
            yield f"| {number} | {standard.not_ours[number]} |"
    yield ""


def _row(number: str, statement: Ours) -> str:
    shown = "<br>".join(f"`{test.removeprefix('tests/')}`" for test in statement.tests)
    return f"| {number} | {statement.about} | {shown} |"
