"""What the README and the docs tell a reader to type, in the order in which it stands there."""

import re
from collections.abc import Iterator
from pathlib import Path

from attrs import field, frozen

ROOT = Path(__file__).parents[2]
_BELOW = sorted((ROOT / "docs").glob("*/*.md"))
_MOVED = {path.name for path in _BELOW}
DOCS = [*_BELOW, *(path for path in (ROOT / "docs").glob("*.md") if path.name not in _MOVED)]
"""All pages; where one was before it is a link, and in an sdist a copy."""
PAGES = [ROOT / "README.md", *DOCS]
TUTORIALS = [page for page in DOCS if page.parent.name == "tutorials"]
_FENCE = re.compile(r'^```(\w*)(?: title="([^"]+)")?\n(.*?)^```$', re.MULTILINE | re.DOTALL)
_SHELLS = {"console", "sh"}
_COMMENT = re.compile(r"(?:^|\s+)# .*$|\s{2,}#.*$")


@frozen
class Typed:
    """One command, and what the page says that it answers."""

    command: str
    shown: list[str] = field(factory=list)


@frozen
class Written:
    """A file that the page has its reader write."""

    name: str
    text: str


def blocks(page: Path, languages: set[str]) -> Iterator[str]:
    """Yield the texts of a page's fenced blocks in these languages."""
    for found in _FENCE.finditer(page.read_text(encoding="utf-8")):
        if found[1] in languages:
            yield found[3]


def typed(page: Path) -> list[Typed]:
    """Return all commands of a page."""
    return [one for block in blocks(page, _SHELLS) for one in _of_block(block)]


def steps(page: Path) -> Iterator[Typed | Written]:
    """Yield what its reader types and writes, in the order in which it stands there."""
    for found in _FENCE.finditer(page.read_text(encoding="utf-8")):
        if found[2]:
            yield Written(found[2], found[3])
        elif found[1] in _SHELLS:
            yield from list(_of_block(found[3]))  # what is shown is known behind it


def _of_block(block: str) -> Iterator[Typed]:
    has_prompts = block.startswith("$ ")
    latest: Typed | None = None
    for line in _whole_lines(block):
        if has_prompts and not line.startswith("$ "):
            assert latest is not None, "a block with prompts begins with one"
            latest.shown.append(line)
        elif command := line.removeprefix("$ ").strip():
            latest = Typed(command)
            yield latest


def _whole_lines(block: str) -> Iterator[str]:
    """Yield commands that go on over several lines as one: by a backslash, or an open quote."""
    so_far = ""
    for line in block.splitlines():
        so_far += line if so_far else _COMMENT.sub("", line)
        if line.endswith("\\") or so_far.count("'") % 2:
            so_far += "\n"
        else:
            yield so_far
            so_far = ""
