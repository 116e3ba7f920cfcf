"""The tables of a scenario by their paths, whatever is wrong with some."""

from collections.abc import Iterator, Mapping
from typing import TypeVar

from attrs import frozen

from iotmock.soak.scenario.section import Section

S = TypeVar("S", bound=Section)


@frozen
class Tables:
    """Tables by the path of each."""

    built: Mapping[str, Section]

    def of(self, kind: type[S]) -> Iterator[tuple[str, S]]:
        """Yield those of a kind, with their paths."""
        for path, section in self.built.items():
            if isinstance(section, kind):
                yield path, section

    def only(self, kind: type[S]) -> S | None:
        """Return the one of a kind that a scenario has once."""
        return next((section for _, section in self.of(kind)), None)
