"""What `iotmock doctor` does."""

from collections.abc import Iterable

import msgspec
import typer

from iotmock.doctor.examination import examine
from iotmock.doctor.finding import Finding


def doctor(*, as_json: bool) -> bool:
    """Examine and tell; return whether there is no problem."""
    findings = list(examine()) if as_json else list(_told(examine()))
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
