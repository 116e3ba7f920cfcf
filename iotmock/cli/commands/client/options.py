"""Options that several commands of the client have."""

from typing import Annotated

import typer

Device = Annotated[
    str, typer.Argument(metavar="DEVICE", help="An id, or a pattern in quotes: 'mock-hvac-*', '*'.")
]
Type = Annotated[str | None, typer.Option("--type", help="Only devices of this type.")]
Location = Annotated[str | None, typer.Option(help="Only devices of this location.")]
OfCommand = Annotated[
    list[str] | None, typer.Argument(metavar="key=value", help="As power=30 or program=eco.")
]
OfFault = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="key=value", help="As what=power or failed=3: docs/reference/faults.md."
    ),
]
