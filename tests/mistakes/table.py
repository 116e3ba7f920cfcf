"""Tables of mistakes: what was done, and the sentence that it gets.

The TOML files beside this one are meant to be read.
"""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from attrs import field, frozen

FOLDER = Path(__file__).parent
Places = Mapping[str, object]
"""What the tables leave open, as {folder}: it differs from run to run."""


@frozen
class Mistake:
    """What was done, and what is said about it.

    `files` were there, by their names; `headers` came with a request.
    """

    done: str
    says: str
    files: dict[str, str] = field(factory=dict)
    headers: dict[str, str] = field(factory=dict)

    def done_at(self, places: Places) -> str:
        """Return what was done there."""
        return at(self.done, places)

    def says_at(self, places: Places) -> str:
        """Return what is said there."""
        return at(self.says, places)


def mistakes(table: str) -> list[Mistake]:
    """Return the rows of one table; what lies beside all of them is in the files of each."""
    found = tomllib.loads((FOLDER / f"{table}.toml").read_text(encoding="utf-8"))
    return [_read(row, found.get("files", {})) for row in found["mistake"]]


def _read(row: Mapping[str, Any], beside: Mapping[str, str]) -> Mistake:
    done, says = row["done"].strip("\n"), row["says"].strip("\n")
    return Mistake(done, says, {**beside, **row.get("files", {})}, row.get("headers", {}))


def named(mistake: Mistake) -> str:
    """Return what a row is called in pytest's list."""
    return mistake.done.replace("\n", " ")[:80]


def at(text: str, places: Places) -> str:
    """Return a text with what it leaves open."""
    for name, place in places.items():
        text = text.replace(f"{{{name}}}", str(place))
    return text
