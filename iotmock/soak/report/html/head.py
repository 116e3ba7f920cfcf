"""What was run, where, and against what: the head of a report."""

from collections.abc import Iterator
from html import escape

from iotmock.charts.ticks import clock
from iotmock.soak.report.measures import Machine, RunResult


def heading(result: RunResult) -> str:
    """Return the name of the run, and what one must know to do it again."""
    when = f"{result.started}, {clock(result.duration_s)}, seed {result.seed}"
    terms = "".join(f"<dt>{name}</dt><dd>{escape(text)}</dd>" for name, text in facts(result))
    return (
        f"<h1>{escape(result.scenario.name)}</h1>"
        f'<p class="when">{escape(when)}. Beside this page: <a href="report.json">report.json</a>'
        ' with all figures, <a href="junit.xml">junit.xml</a> for pipelines.</p>'
        f'<dl class="facts">{terms}</dl>'
    )


def facts(result: RunResult) -> Iterator[tuple[str, str]]:
    """Yield what it ran against, with, and where, by name."""
    scenario, broker = result.scenario, result.scenario.broker
    software = result.broker_software or "broker"
    speaks = f"MQTT {broker.protocol}, QoS {scenario.load.qos}"
    yield "broker", f"{software} at {broker.host}:{broker.port}, {speaks}"
    several = "worker" if len(result.workers) == 1 else "workers"
    fleet = f"{scenario.fleet.count:,} devices, connections {scenario.fleet.connections}"
    yield "fleet", f"{fleet}, {len(result.workers)} {several}"
    yield "generator", _generator(result.version, result.machine)
    if result.machine is not None:
        yield "host", _host(result.machine)


def _generator(version: str, machine: Machine | None) -> str:
    python = "" if machine is None else f", Python {machine.python}"
    return f"iotmock {version}{python}"


def _host(machine: Machine) -> str:
    cores = "1 core" if machine.cores == 1 else f"{machine.cores} cores"
    return f"{machine.host}: {machine.cpu}, {cores}, {machine.memory_gb:.3g} GB, {machine.system}"
