"""All tables together: what no sentence has, and that each says something of its own."""

import re

import pytest

from tests.mistakes.table import FOLDER, Mistake, mistakes, named

TABLES = sorted(file.stem for file in FOLDER.glob("*.toml"))
EVERY = [mistake for table in TABLES for mistake in mistakes(table)]
OF_PYTHON = re.compile(
    r"\b(str|int|float|bool|dict|None|NoneType|True|False|\w+Error|Traceback|Errno|msgspec|pydantic"
    r"|codec|object at)\b"
)
SECRET = "hunter2"
HAS_SEVERAL = "small.toml: "
"""Of a scenario all that is wrong is said, a line each."""


def test_the_tables_are_the_first_hours_mistakes() -> None:
    assert len(EVERY) > 60


@pytest.mark.parametrize("mistake", EVERY, ids=named)
def test_a_sentence_is_one_line_without_python_and_without_secrets(mistake: Mistake) -> None:
    lines = mistake.says.split("\n")
    assert len(lines) == 1 or all(line.startswith(HAS_SEVERAL) for line in lines)
    assert OF_PYTHON.search(mistake.says) is None
    assert SECRET not in mistake.says
