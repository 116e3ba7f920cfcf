"""`iotmock dialect`: which words there are, and what devices would say in them."""

from typing import Annotated

import typer

from iotmock.cli.interrupts import imports
from iotmock.cli.lazy import lazy_app
from iotmock.cli.refusals import one_line_errors

_PREFIX = "iotmock dialect: "

app = lazy_app(help="In which topics and payloads devices speak.", no_args_is_help=True)


@app.command("list")
def list_() -> None:
    """List the templates that come along, and their files."""
    with imports():
        from iotmock.cli.actions import dialect_check
    dialect_check.say_templates()


@app.command()
def check(
    template: Annotated[str, typer.Argument(metavar="FILE", help="A template, or its name.")],
) -> None:
    """Show what a device of each type would say and hear, without a broker."""
    with imports():
        from iotmock.cli.actions import dialect_check
    with one_line_errors(dialect_check.MENDABLE, _PREFIX):
        dialect_check.say_check(template)
