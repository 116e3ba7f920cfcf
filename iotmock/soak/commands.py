"""What `iotmock soak` does."""

from collections.abc import Iterable
from importlib.resources import files
from pathlib import Path

import trio
import typer
from rich.console import Console

from iotmock.files.json_text import json_text
from iotmock.history.options import OptionError
from iotmock.model.families import DeviceTypeEntryPointError, installed
from iotmock.soak.documents import comparison_document, plan_document, verdict_document
from iotmock.soak.report.compare import Comparison
from iotmock.soak.report.html.comparison import comparison_page
from iotmock.soak.report.leaving import Left
from iotmock.soak.report.report import ReportFileError, read_report
from iotmock.soak.report.run_folder import LATEST, drop_if_empty, link_latest, new_folder
from iotmock.soak.report.terminal.closing import say_reports, say_verdict
from iotmock.soak.run.error import SoakError
from iotmock.soak.run.interruptible import soak
from iotmock.soak.run.processes.ray_cluster import ray_cluster
from iotmock.soak.run.processes.shards import Place, Processes
from iotmock.soak.run.secrets import with_secrets
from iotmock.soak.scenario.caveats import Caveats
from iotmock.soak.scenario.quantities import share
from iotmock.soak.scenario.reading.file import json_schema, read_scenario
from iotmock.soak.scenario.reading.lacking import Lacking
from iotmock.soak.scenario.scenario import Scenario, ScenarioError
from iotmock.soak.scenario.schedule import Schedule
from iotmock.soak.words import told_by_fleet
from iotmock.wording.faults import Fault

_MOST_TOLERANCE = 100.0
MENDABLE = (ScenarioError, SoakError, ReportFileError, OptionError, DeviceTypeEntryPointError)


def run(
    file: Path, workers: int, ray: str | None, output: Path, web: int | None, *, as_json: bool
) -> int:
    """Run a scenario, say its verdict, and return the exit code."""
    scenario = with_secrets(read_scenario(file, installed()), str(file))
    _warn(file, Caveats(scenario).found())
    folder = new_folder(output)
    try:
        place = _place(ray, folder, scenario)
        console = Console(stderr=True)
        left = trio.run(soak, scenario, console, folder, place, workers, web)
    finally:
        drop_if_empty(folder)
    _say(left, as_json=as_json)
    _link(folder)
    return left.report.verdict.exit_code


def _say(left: Left, *, as_json: bool) -> None:
    console = Console()
    if not as_json:
        say_verdict(console, left.report)  # even if the disk did not take the report
    if left.error is not None:
        raise left.error
    if as_json:
        typer.echo(json_text(verdict_document(left.report, left.files)))
    else:
        say_reports(console, left.files)


def _link(folder: Path) -> None:
    try:
        link_latest(folder)
    except OSError as error:  # the reports are there, and the verdict stands
        typer.echo(f"{folder.parent / LATEST} does not lead to them: {error.strerror}", err=True)


def init(file: Path, *, full: bool) -> None:
    """Write a commented example of a scenario: a minute, or ten with everything."""
    with file.open("x", encoding="utf-8") as target:
        target.write(full_example() if full else example())
    typer.echo(f"wrote {file}; now: iotmock soak check {file}", err=True)


def check(file: Path, *, as_json: bool) -> None:
    """Say what a scenario would do, what of it tests nothing, and what it lacks here."""
    scenario = read_scenario(file, installed())
    warnings = [*Caveats(scenario).found(), *Lacking(scenario).found()]
    if as_json:
        typer.echo(json_text(plan_document(scenario, file, warnings)))
        return
    _warn(file, warnings)
    typer.echo(f"{file}: {summary(scenario)}")
    typer.echo(f"to run it: iotmock soak {file}", err=True)


def _warn(file: Path, warnings: Iterable[Fault]) -> None:
    for warning in warnings:
        typer.echo(f"{file}: warning: {warning}", err=True)


def schema() -> None:
    """Print the JSON Schema of scenarios."""
    typer.echo(json_text(json_schema()))


def compare(
    before: Path, after: Path, tolerance: str, output: Path | None, *, as_json: bool
) -> bool:
    """Say what got worse from one run to another, and write a page; return whether anything did."""
    allowed = _share(tolerance)
    comparison = Comparison(read_report(before), read_report(after))
    if output is not None:
        output.write_text(comparison_page(comparison, allowed), encoding="utf-8")
    if as_json:
        typer.echo(json_text(comparison_document(comparison, allowed, output)))
    else:
        for line in comparison.lines(allowed):
            typer.echo(line)
    if output is not None:
        typer.echo(f"wrote {output}", err=True)
    return bool(comparison.worse(allowed))


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


def example() -> str:
    """Return the commented example that `init` writes: a minute."""
    return files("iotmock.soak").joinpath("example.toml").read_text(encoding="utf-8")


def full_example() -> str:
    """Return the commented example with every key: ten minutes."""
    return files("iotmock.soak").joinpath("example-full.toml").read_text(encoding="utf-8")


def summary(scenario: Scenario) -> str:
    """Return what a scenario would do, in one line."""
    schedule = Schedule(scenario)
    messages = schedule.due(0.0, schedule.length_s) * told_by_fleet(scenario).messages
    load, most = scenario.load, schedule.most_devices
    return (
        f"{most:,} devices ({scenario.fleet.connections}), QoS {load.qos}, "
        f"{messages:,.0f} messages in {schedule.length_s:,.0f} s, "
        f"{_several(len(scenario.phases), 'phase')}, "
        f"{_several(len(scenario.campaigns), 'campaign')}"
    )


def _several(count: int, name: str) -> str:
    return f"{count} {name}" if count == 1 else f"{count} {name}s"
