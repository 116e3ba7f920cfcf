"""The statements of both standards by number: which bind a client, and which do not."""

import tomllib
from collections.abc import Iterator
from pathlib import Path

from attrs import frozen

_DATA = Path(__file__).with_name("data")


@frozen
class Ours:
    """A statement that binds us: what it is about, and the tests that show it."""

    about: str
    tests: tuple[str, ...]


@frozen
class Standard:
    """One standard: all its numbers in order, those that bind us, and why the others do not."""

    title: str
    numbers: tuple[str, ...]
    ours: dict[str, Ours]
    not_ours: dict[str, str]

    @property
    def tests(self) -> Iterator[str]:
        """The tests that are named, each as often as it is."""
        for statement in self.ours.values():
            yield from statement.tests


def read(title: str, name: str, data: Path = _DATA) -> Standard:
    """Return the statements in a folder's files."""
    said = tomllib.loads((data / f"statements_{name}.toml").read_text())
    ours = {number: Ours(one["about"], tuple(one["tests"])) for number, one in said["ours"].items()}
    numbers = tuple((data / f"numbers_{name}.txt").read_text().split())
    return Standard(title, numbers, ours, said["not_ours"])


STANDARDS = (read("MQTT 3.1.1", "311"), read("MQTT 5.0", "50"))
