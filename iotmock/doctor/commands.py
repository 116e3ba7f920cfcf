"""What `iotmock doctor` does."""

from collections.abc import Iterable, Mapping
from pathlib import Path

import msgspec
import typer

from iotmock.doctor.examination import examine
from iotmock.doctor.finding import Finding
from iotmock.settings.reading import DOTENV


def doctor(environment: Mapping[str, str], env_file: Path | None, *, as_json: bool) -> bool:
    """Examine and tell; return whether there is no problem. `env_file` is read in place of .env."""
    examined = examine(environment, env_file or DOTENV)
    findings = list(examined if as_json else _told(examined))
    problems = sum(one.state == "problem" for one in findings)
    if as_json:
        document = {"ok": not problems, "findings": findings}
        typer.echo(msgspec.json.format(msgspec.json.encode(document), indent=2))
    else:
        warnings = sum(one.state == "warning" for one in findings)
        typer.echo(f"{_counted(problems, 'problem')}, {_counted(warnings, 'warning')}")
    return not problems


def _told(findings: Iterable[Finding]) -> Iterable[Finding]:
    for one in findings:
        typer.echo(f"{one.state:<8} {one.check}: {one.text}")
        if one.advice:
            typer.echo(f"         -> {one.advice}")
        yield one


def _counted(count: int, what: str) -> str:
    return f"{count or 'no'} {what}{'' if count == 1 else 's'}"
