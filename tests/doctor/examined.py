"""What the doctor found, by the check."""

import json

from iotmock.doctor.finding import Finding
from tests.line import Line


def examined(line: Line, *arguments: str, code: int = 0) -> list[Finding]:
    found, output, error = line("doctor", "--json", *arguments)
    assert (found, error) == (code, ""), output
    document = json.loads(output)
    assert document["ok"] == (code == 0)
    findings = [Finding(**one) for one in document["findings"]]
    assert all(one.advice for one in findings if one.state != "ok")
    return findings


def of(check: str, findings: list[Finding]) -> Finding:
    """Return the only finding of a check, or the only one that is not well."""
    about = [one for one in findings if one.check == check]
    [found] = [one for one in about if one.state != "ok"] or about
    return found
