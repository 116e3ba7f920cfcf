"""Commands that are imported when they are used, and not for the list of them."""

from importlib import import_module
from typing import Any, NamedTuple

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command

from iotmock.cli.usage import plain_usage_errors


class LightGroup(TyperGroup):
    """A group of commands that says what it has without Pydantic, and what is wrong in a line."""

    def get_help_option(self, ctx: Any) -> Any:
        """Return `--help` with False for where it is not given.

        Of None, Typer asks Pydantic what it is as a bool: 0.1 s for the import.
        """
        option = super().get_help_option(ctx)
        if option is not None:
            option.default = False
        return option

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Read the group's own options."""
        with plain_usage_errors(ctx):
            return super().parse_args(ctx, args)

    def invoke(self, ctx: Any) -> Any:
        """Run one of the commands."""
        with plain_usage_errors(ctx):
            return super().invoke(ctx)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Return a command's name, the command, and the arguments behind it."""
        if args[0] not in self.commands and not args[0].startswith("-"):
            ctx.fail(f"there is no command {args[0]!a}{self.meant(args[0])}")
        return super().resolve_command(ctx, args)

    def meant(self, name: str) -> str:
        """Return `; did you mean ...?` for the command that a name is most like, if one is."""
        from iotmock.wording.words import meant

        return meant(name, self.commands)


def lazy_app(**settings: Any) -> typer.Typer:
    """Return what the module of a command offers as `app`: a Typer without what the root has."""
    settings = {"cls": LightGroup, **settings}
    return typer.Typer(add_completion=False, rich_markup_mode=None, **settings)


class Lazy(NamedTuple):
    """A module whose `app` (a Typer) is a command or a group of them, and its line in the help."""

    module: str
    help: str

    def load(self) -> Any:
        """Import the module and return its command."""
        return get_command(import_module(self.module).app)

    def listed(self, name: str) -> TyperCommand:
        """Return what stands for the command in the help and for completion."""
        return TyperCommand(name, help=self.help, rich_markup_mode=None)


def lazy_group(table: dict[str, Lazy]) -> type[TyperGroup]:
    """Return the class of a group whose commands are those of a table."""

    class LazyGroup(LightGroup):
        def __init__(self, **settings: Any) -> None:
            super().__init__(**settings)
            self.commands.update({name: lazy.listed(name) for name, lazy in table.items()})

        def resolve_command(self, ctx: Any, args: list[str]) -> Any:
            name, listed, rest = super().resolve_command(ctx, args)
            return name, table[name].load() if name in table else listed, rest

    return LazyGroup
