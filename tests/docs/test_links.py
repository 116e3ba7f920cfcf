"""Links between the pages, and from the README and its like, lead somewhere, as files too."""

import re
from pathlib import Path

import pytest
from markdown.extensions.toc import slugify

from tests.docs.snippets import DOCS, ROOT

PAGES = [*DOCS, *(ROOT / f"{name}.md" for name in ("README", "CHANGELOG", "CONTRIBUTING"))]
_LINK = re.compile(r"\]\((?!https?:)([^)#\s]*)(?:#([^)\s]+))?\)")
_HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
_CODE = re.compile(r"^```.*?^```$|`[^`\n]+`", re.MULTILINE | re.DOTALL)
_PAGE = re.compile(r"docs/[\w-]+/[\w-]+\.md")


def anchors(page: Path) -> set[str]:
    return {slugify(one, "-") for one in _HEADING.findall(page.read_text(encoding="utf-8"))}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_no_link_of_a_page_is_dead(page: Path) -> None:
    dead = []
    for path, anchor in _LINK.findall(_CODE.sub("", page.read_text(encoding="utf-8"))):
        target = page.parent / path if path else page
        is_page = target.suffix == ".md" and target.is_file()
        if not target.exists() or (anchor and is_page and anchor not in anchors(target)):
            dead.append(f"{path}#{anchor}")
    assert dead == []


def test_every_page_that_the_code_names_is_there() -> None:
    texts = [path.read_text(encoding="utf-8") for path in (ROOT / "iotmock").rglob("*.py")]
    texts.append((ROOT / ".env.example").read_text(encoding="utf-8"))
    named = {one for text in texts for one in _PAGE.findall(text)}
    assert {one for one in named if not (ROOT / one).is_file()} == set()
    assert named
