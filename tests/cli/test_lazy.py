"""What the command line imports before it does anything."""

import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from typing import Any

import pytest
from typer.main import get_command
from typer.testing import CliRunner

from iotmock.cli import app
from iotmock.cli.table import COMMANDS
from tests.patience import SLACK

LIGHT = {"iotmock", "typer", "shellingham", "annotated_doc"}
"""Beside the standard library, all that a help needs."""
HEAVY = {"trio", "quart", "sqlalchemy", "numpy", "msgspec", "attrs", "rich", "pydantic", "asyncio"}
"""Named for who reads a failure: nothing beyond LIGHT is allowed anyway."""

SAYS_WHAT_WAS_IMPORTED = """
import sys
before = set(sys.modules)
from iotmock.__main__ import main
try:
    main()
finally:
    sys.stderr.write("\\n".join(set(sys.modules) - before))
"""


def commands(command: Any, *path: str) -> Iterator[tuple[str, ...]]:
    yield path
    for name, below in getattr(command, "commands", {}).items():
        yield from commands(COMMANDS[name].load() if not path else below, *path, name)


EVERY = list(commands(get_command(app)))


def imported(*arguments: str) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", SAYS_WHAT_WAS_IMPORTED, *arguments],
        capture_output=True,
        text=True,
        timeout=30 * SLACK,
        check=True,
    )
    assert done.stdout
    return set(done.stderr.split())


@pytest.mark.parametrize("arguments", [*((*path, "-h") for path in EVERY), ("--version",)])
def test_what_is_said_of_a_command_needs_nothing_heavy(arguments: tuple[str, ...]) -> None:
    modules = {name.partition(".")[0] for name in imported(*arguments)}
    assert not modules & HEAVY
    assert modules - sys.stdlib_module_names <= LIGHT


def test_the_list_of_commands_imports_none_of_them() -> None:
    assert not imported("--help") & {lazy.module for lazy in COMMANDS.values()}


@pytest.mark.parametrize("path", EVERY, ids=" ".join)
def test_help_has_a_short_name_everywhere(path: tuple[str, ...]) -> None:
    short, long = (CliRunner().invoke(app, [*path, option]) for option in ("-h", "--help"))
    assert (short.exit_code, short.output) == (0, long.output)
    assert short.output.startswith(f"Usage: iotmock {' '.join(path)}".rstrip())


@pytest.mark.parametrize("name", COMMANDS)
def test_the_list_says_of_a_command_what_it_says_itself(name: str) -> None:
    lazy = COMMANDS[name]
    own = get_command(import_module(lazy.module).app).help or ""
    assert own.partition("\n")[0].startswith(lazy.help.rstrip("."))
    assert len(lazy.help) < 60
    assert f"  {lazy.help}\n" in CliRunner().invoke(app, ["-h"]).output
