"""Run the benchmarks: `python -m benchmarks [--only NAME ...]`."""

import argparse
import os
import platform
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import attrs
import msgspec
import pytest

from benchmarks import faults, fleet, mqtt, physics, rest, service, start, verification
from benchmarks.fleet_row import Scale
from benchmarks.table import Row, Table


def _physics(_: Path) -> Iterator[Table]:
    rows = physics.run()
    # The last row, the mean, has the most columns.
    cells = [{name: row.get(name, rows[-1][name]) for name in rows[-1]} for row in rows]
    yield Table("Physics", physics.__doc__ or "", [_shown(row) for row in cells])


def _shown(row: dict[str, object]) -> Row:
    return {name: cell if isinstance(cell, str | int | float) else "" for name, cell in row.items()}


_BENCHMARKS: dict[str, Callable[[Path], Iterator[Table]]] = {
    "start": start.run,
    "mqtt": mqtt.run,
    "service": service.run,
    "rest": rest.run,
    "physics": _physics,
    "faults": faults.run,
    "fleet": partial(fleet.run, scale=Scale(), parts=list(fleet.PARTS)),
    "verification": verification.run,
}
_USUAL = [name for name in _BENCHMARKS if name != "fleet"]
"""The fleet takes half an hour: it is asked for."""
_RESULTS = Path(__file__).parent / "results"


def main() -> None:
    """Run what was asked for, print every table as it comes, and keep them all as JSON."""
    arguments = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    arguments.add_argument("--only", nargs="+", choices=_BENCHMARKS, default=_USUAL)
    _add_fleet_arguments(arguments)
    given = arguments.parse_args()
    _BENCHMARKS["fleet"] = partial(fleet.run, scale=_scale(given), parts=given.fleet_parts)
    began, load = datetime.now(UTC), os.getloadavg()
    tables = []
    for table in _run(given.only):
        print(f"{table}\n", flush=True)
        tables.append(attrs.asdict(table))
    _keep(began, {"machine": _machine(), "load_before": load, "tables": tables})


def _add_fleet_arguments(arguments: argparse.ArgumentParser) -> None:
    parts = list(fleet.PARTS)
    arguments.add_argument("--fleet-parts", nargs="+", choices=parts, default=parts)
    arguments.add_argument("--quick", action="store_true", help="fleet: a smoke run")
    arguments.add_argument(
        "--soak-minutes", type=float, default=10.0, help="fleet: of the soak; the aim is for 60"
    )


def _scale(given: argparse.Namespace) -> Scale:
    return Scale.quick() if given.quick else Scale(soak_s=60.0 * given.soak_minutes)


def _run(names: list[str]) -> Iterator[Table]:
    for name in names:
        with TemporaryDirectory(prefix=f"iotmock-bench-{name}-") as folder:
            try:
                yield from _BENCHMARKS[name](Path(folder))
            except pytest.skip.Exception as reason:  # raised by tests/mosquitto.py
                print(f"## {name}: left out, {reason}\n")


def _machine() -> str:
    kind = f"{platform.machine()}, {os.cpu_count()} cores, {platform.platform()}"
    return f"{kind}, {platform.python_implementation()} {platform.python_version()}"


def _keep(began: datetime, result: dict[str, object]) -> None:
    _RESULTS.mkdir(exist_ok=True)
    path = _RESULTS / f"{began:%Y%m%dT%H%M%SZ}.json"
    path.write_bytes(msgspec.json.format(msgspec.json.encode(result)))
    print(f"kept in {path}")


if __name__ == "__main__":
    main()
