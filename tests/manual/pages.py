"""A built page as its reader's browser takes it apart."""

from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urldefrag

from attrs import define, field

_LOADS = {"script": "src", "img": "src", "link": "href", "source": "src", "iframe": "src"}
_NOT_LOADED = {"canonical", "next", "prev"}


@define(eq=False)
class Found(HTMLParser):
    """What one page loads, where it leads, and at what one may arrive in it."""

    loaded: list[str] = field(factory=list)
    links: list[str] = field(factory=list)
    anchors: set[str] = field(factory=set)

    def __attrs_post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = {name: value or "" for name, value in attrs}
        self.anchors |= {named[name] for name in ("id", "name") if name in named}
        if tag == "a" and "href" in named:
            self.links.append(named["href"])
        if _LOADS.get(tag) in named and named.get("rel") not in _NOT_LOADED:
            self.loaded.append(named[_LOADS[tag]])


def read(page: Path) -> Found:
    found = Found()
    found.feed(page.read_text(encoding="utf-8"))
    return found


def target(page: Path, link: str) -> tuple[Path, str]:
    """Return the file that a link of a page leads to, and where in it."""
    path, anchor = urldefrag(link)
    return (page.parent / unquote(path)).resolve() if path else page, unquote(anchor)
