"""A page as its text says it, without a browser."""

from html.parser import HTMLParser
from pathlib import Path


class Balance(HTMLParser):
    """Counts what opens and closes, and collects what is loaded and what tables have."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.names: list[str] = []
        self.loads: list[str] = []
        self.links: list[str] = []
        self.places: list[str] = []
        self.policy = ""
        self.rows: list[list[str]] = []
        """Of all tables."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        self.names.append(tag)
        self.loads += [found["src"]] if "src" in found else []
        self.links += [found["href"]] if "href" in found else []
        self.places += [found["id"]] if "id" in found else []
        if found.get("http-equiv") == "Content-Security-Policy":
            self.policy = found["content"]
        if tag == "tr":
            self.rows.append([])
        if tag in {"td", "th"}:
            self.rows[-1].append("")
        if tag not in {"meta", "br"}:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if {"td", "th"} & set(self.open):
            self.rows[-1][-1] += data


def parsed(page: Path | str) -> Balance:
    """Parse a page, and check that what opens closes."""
    balance = Balance()
    balance.feed(page.read_text(encoding="utf-8") if isinstance(page, Path) else page)
    assert not balance.open
    return balance
