"""Which page ends with what."""

from collections.abc import Callable, Iterator, Mapping

from manual.reference import commands, faults, metrics, operations, scenario, topics, types

_SECTIONS: Mapping[str, Callable[[], Iterator[str]]] = {
    "reference/api.md": operations.lines,
    "reference/cli.md": commands.lines,
    "reference/families.md": types.lines,
    "reference/faults.md": faults.lines,
    "reference/metrics.md": metrics.lines,
    "reference/mqtt.md": topics.lines,
    "reference/scenario.md": scenario.lines,
}


def section_of(page: str) -> str:
    """Return the section in Markdown; nothing for most pages."""
    lines = _SECTIONS.get(page)
    return "\n".join(["", "", *lines(), ""]) if lines else ""
