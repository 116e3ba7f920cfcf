"""What the demo prints."""

import json
from collections.abc import Iterator
from itertools import count

import typer
from attrs import define, field


@define(eq=False)
class Teller:
    """Numbers the acts, and puts under each what happened."""

    _numbers: Iterator[int] = field(factory=lambda: count(1))

    def act(self, title: str) -> None:
        """Begin an act."""
        number = next(self._numbers)
        typer.echo()
        typer.secho(f"{number}  {title}", bold=True)

    def say(self, text: str) -> None:
        """Say something that belongs to the act."""
        typer.echo(f"   {text}")

    def show(self, value: object) -> None:
        """Show what JSON says, as it is read best."""
        for line in json.dumps(value, indent=2, ensure_ascii=False).splitlines():
            self.say(line)
