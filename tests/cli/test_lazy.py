"""What the command line imports before it does anything."""

import subprocess
import sys
from collections.abc import Iterator
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


def test_a_list_of_commands_cuts_none_of_its_lines() -> None:
    for path in EVERY:
        _, _, below_usage = CliRunner().invoke(app, [*path, "-h"]).output.partition("\n")
        assert "..\n" not in below_usage
    listed = CliRunner().invoke(app, ["-h"]).output
    assert all(f"  {lazy.help}\n" in listed for lazy in COMMANDS.values())
