"""The page of the house names each room, and none that is not there."""

import re

from tests.docs.snippets import ROOT

PAGE = ROOT / "docs/explanation/architecture.md"
_ROW = re.compile(r"^\| `(iotmock/[a-z_/]+)` \| \S.* \|$", re.MULTILINE)
_PATH = re.compile(r"`(iotmock/[\w/.]+)`")


def test_the_table_has_every_room_and_no_other() -> None:
    rooms = {
        path.parent.relative_to(ROOT).as_posix() for path in ROOT.glob("iotmock/**/__init__.py")
    }
    assert sorted(_ROW.findall(PAGE.read_text(encoding="utf-8"))) == sorted(rooms - {"iotmock"})


def test_every_path_that_is_named_is_there() -> None:
    named = _PATH.findall(PAGE.read_text(encoding="utf-8"))
    assert [path for path in named if not (ROOT / path).exists()] == []
