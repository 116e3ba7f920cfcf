"""`iotmock soak`; mounted by the command line."""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any

import msgspec
import trio
import typer
from rich.console import Console
from typer.core import TyperGroup

from iotmock.history.options import OptionError
from iotmock.model.families import DeviceTypeEntryPointError, installed
from iotmock.soak.compare import Comparison
from iotmock.soak.quantities import share
from iotmock.soak.report import Report, ReportFileError, read_report, report_on, write_report
from iotmock.soak.run.error import SoakError
from iotmock.soak.run.interruptible import soak
from iotmock.soak.run.ray_cluster import ray_cluster
from iotmock.soak.run.secrets import with_secrets
from iotmock.soak.run.shards import Place, Processes
from iotmock.soak.run_folder import LATEST, drop_if_empty, link_latest, new_folder
from iotmock.soak.scenario import Scenario, ScenarioError
from iotmock.soak.scenario_file import json_schema, read_scenario
from iotmock.soak.schedule import Schedule

GOT_WORSE = 1
BAD_INPUT = 2
_MOST_TOLERANCE = 100.0
RUN = "run"
_MENDABLE = (ScenarioError, SoakError, ReportFileError, OptionError, DeviceTypeEntryPointError)


class FileOrCommand(TyperGroup):
    """What is not the name of a command is the file of the scenario to run."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Put `run` before the arguments unless they begin with a command."""
        named = args and args[0] in {*self.commands, *ctx.help_option_names}
        if args and not named and RUN in self.commands:
            args = [RUN, *args]
        return super().parse_args(ctx, args)


app = typer.Typer(
    cls=FileOrCommand,
    help="Soak tests: a scenario in, a verdict out: iotmock soak FILE",
    no_args_is_help=True,
    add_completion=False,
)


@app.command(name=RUN)
def run(
    file: Annotated[Path, typer.Argument(help="A scenario.")],
    workers: Annotated[
        int, typer.Option(min=1, max=256, help="Processes of this machine that share the fleet.")
    ] = 1,
    ray: Annotated[
        str | None, typer.Option(help="Address of a Ray cluster that runs the shards, or auto.")
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="Where the run gets its folder; FILE's name."),
    ] = None,
) -> None:
    """Run a scenario; soak FILE is short for soak run FILE.

    Exit codes: 0 passed, 1 failed, 2 could not run, 3 proves nothing, 130 interrupted.
    """
    with one_line_errors():
        scenario = with_secrets(read_scenario(file, installed()), str(file))
        folder = new_folder(output or Path(file.stem))
        try:
            place = _place(ray, folder, scenario)
            report = report_on(
                trio.run(soak, scenario, Console(stderr=True), folder, place, workers)
            )
        finally:
            drop_if_empty(folder)
    for line in closing_lines(report):
        typer.echo(line)
    _leave(report, folder)
    raise typer.Exit(report.verdict.exit_code)


def _leave(report: Report, folder: Path) -> None:
    with one_line_errors():
        typer.echo(f"  {', '.join(str(file) for file in write_report(report, folder))}")
    try:
        link_latest(folder)
    except OSError as error:  # the reports are there, and the verdict stands
        typer.echo(f"{folder.parent / LATEST} does not lead to them: {error.strerror}", err=True)


@app.command()
def init(
    file: Annotated[Path, typer.Argument(help="Where to write it.")] = Path("soak.toml"),
) -> None:
    """Write a commented example of a scenario."""
    with one_line_errors():
        with file.open("x", encoding="utf-8") as target:
            target.write(example())
        typer.echo(f"wrote {file}; now: iotmock soak check {file}", err=True)


@app.command()
def check(file: Annotated[Path, typer.Argument(help="A scenario.")]) -> None:
    """Say what is wrong with a scenario, a line each, or what it would do."""
    with one_line_errors():
        typer.echo(f"{file}: {summary(read_scenario(file, installed()))}")
        typer.echo(f"to run it: iotmock soak {file}", err=True)


@app.command()
def schema() -> None:
    """Print the JSON Schema of scenarios, for editors."""
    typer.echo(msgspec.json.format(msgspec.json.encode(json_schema())).decode())


@app.command()
def compare(
    before: Annotated[Path, typer.Argument(help="The report of the earlier run, or its folder.")],
    after: Annotated[Path, typer.Argument(help="That of the later run.")],
    tolerance: Annotated[
        str, typer.Option(help="How much worse is not worse: 0.1 or 10%.")
    ] = "10%",
) -> None:
    """Say what got worse from one run to another; exit code 1 if anything did."""
    with one_line_errors():
        allowed = _share(tolerance)
        comparison = Comparison(read_report(before), read_report(after))
    for line in comparison.lines(allowed):
        typer.echo(line)
    if comparison.worse(allowed):
        raise typer.Exit(GOT_WORSE)


def _share(text: str) -> float:
    value = share(text)
    try:
        value = float(text) if value is None else value
    except ValueError:
        value = -1.0
    if not 0.0 <= value <= _MOST_TOLERANCE:
        raise OptionError("--tolerance", text, 'a number from 0 to 100, or a text such as "10%"')
    return value


def _place(ray: str | None, folder: Path, scenario: Scenario) -> Place:
    if ray is None:
        return Processes(folder)
    if scenario.given_broker is None:
        raise SoakError("--ray needs a [broker]: one of our own is for this machine only")
    return ray_cluster(ray)


def closing_lines(report: Report) -> Iterator[str]:
    """Yield what is said at the end: the verdict, and why."""
    yield report.verdict.status.upper()
    yield from (f"  {reason}" for reason in report.verdict.reasons)


def example() -> str:
    """Return the commented example that `init` writes."""
    return files("iotmock.soak").joinpath("example.toml").read_text(encoding="utf-8")


def summary(scenario: Scenario) -> str:
    """Return what a scenario would do, in one line."""
    schedule = Schedule(scenario)
    messages = schedule.due(0.0, schedule.length_s)
    load, most = scenario.load, schedule.most_devices
    return (
        f"{most:,} devices ({scenario.fleet.connections}), QoS {load.qos}, "
        f"{messages:,.0f} messages in {schedule.length_s:,.0f} s, "
        f"{_several(len(scenario.phases), 'phase')}, "
        f"{_several(len(scenario.campaigns), 'campaign')}"
    )


def _several(count: int, name: str) -> str:
    return f"{count} {name}" if count == 1 else f"{count} {name}s"


@contextmanager
def one_line_errors() -> Iterator[None]:
    """Turn what a user can mend into a line each on stderr, and exit code 2."""
    try:
        yield
    except _MENDABLE as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(BAD_INPUT) from error
    except OSError as error:
        typer.echo(f"{error.filename}: {error.strerror}", err=True)
        raise typer.Exit(BAD_INPUT) from error
