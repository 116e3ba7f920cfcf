"""What is wrong with a command line: one line that says what is allowed, and where help is."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NoReturn

import typer

from iotmock.cli.refusals import BAD_INPUT
from iotmock.wording.quoted import one_line, quoted

USAGE_ERROR: type[Exception] = typer.BadParameter.__bases__[0]
"""Typer's own, which it does not export: Click's, or a copy of it."""
_NO_CHOICE = re.compile(r"('.*') is not one of (.*?)\.?", re.DOTALL)
_TOO_MANY = re.compile(r"Got unexpected extra arguments?(?:\(s\))? \((.*)\)", re.DOTALL)


@contextmanager
def plain_usage_errors(context: Any) -> Iterator[None]:
    """End the process with one line, and not with Typer's words and a usage, below a group."""
    try:
        yield
    except USAGE_ERROR as error:
        if type(error).__name__ == "NoArgsIsHelpError":  # nothing is wrong, the help is the answer
            raise
        _refuse(error, context)


def _refuse(error: Any, context: Any) -> NoReturn:
    path, what = _path(error, context), _what(error)
    see = " See" if what.endswith("?") else "; see"
    typer.echo(one_line(f"{path}: {what}{see} {path} --help"), err=True)
    raise typer.Exit(BAD_INPUT) from error


def _path(error: Any, context: Any) -> str:
    if error.ctx is not None:
        return str(error.ctx.command_path)
    return " ".join(filter(None, (context.command_path, context.invoked_subcommand)))


def _what(error: Any) -> str:
    match type(error).__name__:
        case "NoSuchOption":
            return f"there is no option {error.option_name}{_meant(error)}"
        case "BadOptionUsage":
            flag = "not take" in error.message
            return f"{error.option_name} {'takes no value' if flag else 'needs a value'}"
        case "MissingParameter":
            return f"{_name(error.param)} is missing"
        case "BadParameter":
            return f"{_name(error.param)} {_bad_value(error.message)}"
        case _:
            found = _TOO_MANY.fullmatch(error.message)
            more = f"{quoted(found[1])!a} is more than it takes" if found else None
            return more or error.message.rstrip(".")


def _bad_value(message: str) -> str:
    if found := _NO_CHOICE.fullmatch(message.removeprefix("Value error, ")):
        return f"must be one of {found[2].replace(chr(39), '')}, not {quoted(found[1])}"
    return message


def _meant(error: Any) -> str:
    from iotmock.wording.words import meant

    return meant(error.option_name, error.possibilities or ())


def _name(parameter: Any) -> str:
    if parameter.param_type_name == "argument":
        return str(parameter.metavar or parameter.name.upper())
    return str(max(parameter.opts, key=len))
