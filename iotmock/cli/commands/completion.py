"""`iotmock completion`: what a shell needs to complete commands and options."""

from enum import StrEnum
from typing import Annotated

import typer
from typer.completion import get_completion_script  # type: ignore[attr-defined]

from iotmock.cli.lazy import lazy_app
from iotmock.cli.root import ASKED_TO_COMPLETE, PROGRAM

app = lazy_app()


class Shell(StrEnum):
    """Whose completion is written."""

    BASH = "bash"
    ZSH = "zsh"
    FISH = "fish"


@app.command()
def completion(
    shell: Annotated[Shell, typer.Argument(help="Whose script.")],
) -> None:
    """Print the script that completes iotmock in a shell.

    \b
    bash: eval "$(iotmock completion bash)"         in ~/.bashrc
    zsh:  eval "$(iotmock completion zsh)"          in ~/.zshrc, behind compinit
    fish: iotmock completion fish | source          in ~/.config/fish/config.fish
    """  # noqa: D301 - a backspace keeps the lines as they are
    script = get_completion_script(
        prog_name=PROGRAM, complete_var=ASKED_TO_COMPLETE, shell=shell.value
    )
    typer.echo(script)
