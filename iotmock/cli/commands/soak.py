"""`iotmock soak`."""

from pathlib import Path
from typing import Annotated, Any

import typer

from iotmock.cli.interrupts import imports
from iotmock.cli.lazy import LightGroup, lazy_app
from iotmock.cli.numbers import whole
from iotmock.cli.options import AsJson
from iotmock.cli.refusals import BAD_INPUT, one_line_errors

GOT_WORSE = 1
RUN = "run"


class FileOrCommand(LightGroup):
    """What is not the name of a command is the file of the scenario to run."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Put `run` before the arguments unless they begin with a command."""
        named = args and args[0] in {*self.commands, *ctx.help_option_names}
        if args and not named and RUN in self.commands and not self._is_mistyped(args[0]):
            args = [RUN, *args]
        return super().parse_args(ctx, args)

    def _is_mistyped(self, name: str) -> bool:
        return bool(self.meant(name)) and not Path(name).exists()


app = lazy_app(
    cls=FileOrCommand,
    help="Soak tests: a scenario in, a verdict out: iotmock soak FILE",
    no_args_is_help=True,
)


@app.command(name=RUN)
def run(
    file: Annotated[Path, typer.Argument(help="A scenario.")],
    workers: Annotated[
        int,
        typer.Option(
            parser=whole(1, 256),
            metavar="N",
            help="Processes of this machine that share the fleet.",
        ),
    ] = 1,
    ray: Annotated[
        str | None, typer.Option(help="Address of a Ray cluster that runs the shards, or auto.")
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="Where the run gets its folder; FILE's name."),
    ] = None,
    web: Annotated[
        int | None,
        typer.Option(
            parser=whole(0, 65_535),
            metavar="PORT",
            help="Show the run as a page on this machine while it goes on; 0 takes a free port.",
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Run a scenario; soak FILE is short for soak run FILE.

    Exit codes: 0 passed, 1 failed, 2 could not run, 3 proves nothing, 130 interrupted.
    """
    with imports():
        from iotmock.soak import commands
    with one_line_errors(commands.MENDABLE):
        place = output or Path(file.stem)
        code = commands.run(file, workers, ray, place, web, as_json=as_json)
    raise typer.Exit(code)


@app.command()
def init(
    file: Annotated[Path, typer.Argument(help="Where to write it.")] = Path("soak.toml"),
    full: Annotated[
        bool, typer.Option("--full", help="Every key, and ten minutes of all that can happen.")
    ] = False,
) -> None:
    """Write a commented example of a scenario that takes a minute."""
    with imports():
        from iotmock.soak import commands
    with one_line_errors(commands.MENDABLE):
        commands.init(file, full=full)


@app.command()
def check(
    file: Annotated[Path, typer.Argument(help="A scenario.")], as_json: AsJson = False
) -> None:
    """Say what is wrong with a scenario, or what it would do."""
    with imports():
        from iotmock.files.json_text import json_text
        from iotmock.soak import commands
        from iotmock.soak.documents import faults_document
        from iotmock.soak.scenario.scenario import ScenarioError
    with one_line_errors(commands.MENDABLE):
        try:
            commands.check(file, as_json=as_json)
        except ScenarioError as error:
            if not as_json:
                raise
            typer.echo(json_text(faults_document(file, error.faults)))
            raise typer.Exit(BAD_INPUT) from error


@app.command()
def schema() -> None:
    """Print the JSON Schema of scenarios, for editors."""
    with imports():
        from iotmock.soak import commands
    commands.schema()


@app.command()
def compare(
    before: Annotated[Path, typer.Argument(help="The report of the earlier run, or its folder.")],
    after: Annotated[Path, typer.Argument(help="That of the later run.")],
    tolerance: Annotated[
        str, typer.Option(help="How much worse is not worse: 0.1 or 10%.")
    ] = "10%",
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Write a page that shows both, too.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Say what got worse from one run to another.

    Exit codes: 0 nothing, 1 something, 2 there is nothing to compare.
    """
    with imports():
        from iotmock.soak import commands
    with one_line_errors(commands.MENDABLE):
        got_worse = commands.compare(before, after, tolerance, output, as_json=as_json)
    if got_worse:
        raise typer.Exit(GOT_WORSE)
