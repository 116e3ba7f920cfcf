"""The interop matrix as a table: a row for each broker, version and connection model."""

from collections.abc import Iterable, Iterator

from attrs import asdict, define, fields


@define
class Row:
    """What was seen; what was not is `no`."""

    broker: str
    version: str
    connections: str
    qos: str = ""
    retained: str = "no"
    commands: str = "no"
    restart: str = "no"
    will: str = "no"


ROW = "interop"
"""The property of a test's report that has its row."""


def as_table(rows: Iterable[Row]) -> Iterator[str]:
    """Yield the lines of a table in Markdown."""
    names = [field.name for field in fields(Row)]
    yield "| " + " | ".join(names) + " |"
    yield "|---" * len(names) + "|"
    for row in sorted(rows, key=lambda row: (row.broker, row.version, row.connections)):
        yield "| " + " | ".join(asdict(row).values()) + " |"
