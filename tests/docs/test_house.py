"""The house can be walked through: rooms have openings, floors and files have bounds.

What is longer than it should be says so at its top, in a sentence that begins with "Long because".
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.docs.snippets import ROOT

HOUSE = ROOT / "iotmock"
ROOMS = sorted(path.parent for path in HOUSE.glob("**/__init__.py"))
FILES = sorted(HOUSE.glob("**/*.py"))
MOST_LINES = 300
MOST_LINES_OF_A_CLASS = 150
MOST_FILES = 12
REASON = "Long because"
_FIRST = re.compile(r"\bRead `([\w/]+(?:\.py)?)`")
_NAMED = re.compile(r"`([\w/]+\.py|[\w/]+/)`")
_IMPORTERS = re.compile(r"\bknows? (?:it|them)\b")


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def opening(room: Path) -> str:
    text = (room / "__init__.py").read_text(encoding="utf-8")
    return " ".join((ast.get_docstring(ast.parse(text)) or "").split())


def has_reason(node: ast.Module | ast.ClassDef) -> bool:
    return REASON in " ".join((ast.get_docstring(node) or "").split())


def long_classes(path: Path) -> Iterator[str]:
    module = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(module):
        if isinstance(node, ast.ClassDef) and not has_reason(node):
            assert node.end_lineno is not None
            if node.end_lineno - node.lineno >= MOST_LINES_OF_A_CLASS:
                yield f"{name(path)}: {node.name}"


def test_a_long_file_says_why() -> None:
    texts = {name(path): path.read_text(encoding="utf-8") for path in FILES}
    long = {path for path, text in texts.items() if len(text.splitlines()) > MOST_LINES}
    assert {path for path in long if not has_reason(ast.parse(texts[path]))} == set()


def test_a_long_class_says_why() -> None:
    assert {found for path in FILES for found in long_classes(path)} == set()


def test_no_floor_is_crowded() -> None:
    floors = {name(room): len(list(room.glob("*.py"))) - 1 for room in ROOMS}
    assert {room for room, files in floors.items() if files > MOST_FILES} == set()


def test_each_opening_names_what_to_read_first() -> None:
    without = set()
    for room in ROOMS[1:]:
        found = _FIRST.search(opening(room))
        if found is None or not (room / found[1]).exists():
            without.add(name(room))
    assert without == set()


def test_each_opening_says_who_may_know_it() -> None:
    without = {name(room) for room in ROOMS[1:] if not _IMPORTERS.search(opening(room))}
    assert without == set()


def test_what_an_opening_names_is_there() -> None:
    lost = set()
    for room in ROOMS[1:]:
        above = [room, *(parent for parent in room.parents if parent.is_relative_to(ROOT))]
        for named in _NAMED.findall(opening(room)):
            if not any((place / named).exists() for place in above):
                lost.add(f"{name(room)}: {named}")
    assert lost == set()
