"""The command line: every command with its arguments and options, as `--help` has them."""

from collections.abc import Iterator
from inspect import cleandoc
from typing import Any

from iotmock.cli.root import PROGRAM
from iotmock.cli.table import COMMANDS
from manual.reference.tables import code, table

_HEAD = ("argument or option", "meaning")


def lines() -> Iterator[str]:
    """Yield the section."""
    yield "## Every command"
    yield "As `--help` has them, behind each."
    for name, lazy in COMMANDS.items():
        yield from _command(f"{PROGRAM} {name}", lazy.load())


def _command(name: str, command: Any) -> Iterator[str]:
    context = command.make_context(name, [], resilient_parsing=True)
    yield from ("", f"### {code(name)}", "", cleandoc(command.help or ""))
    records = (one.get_help_record(context) for one in command.get_params(context) if _is_own(one))
    yield from table(_HEAD, [(code(record[0]), record[1]) for record in records if record])
    for inner, beneath in getattr(command, "commands", {}).items():
        yield from _command(f"{name} {inner}", beneath)


def _is_own(parameter: Any) -> bool:
    return str(parameter.name) != "help"
