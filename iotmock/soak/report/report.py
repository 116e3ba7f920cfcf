"""What is left of a run: `report.html`, `report.json`, `junit.xml`."""

from pathlib import Path

import msgspec

from iotmock.soak.report.html.page import page
from iotmock.soak.report.junit import junit_xml
from iotmock.soak.report.measures import RunResult
from iotmock.soak.report.run_folder import LATEST
from iotmock.soak.report.verdict import Verdict, judge
from iotmock.soak.scenario.section import without_secrets
from iotmock.wording.faults import InvalidValueError, decode

_FILE = "report.json"


class Report(msgspec.Struct, frozen=True):
    """Everything about a run, as `report.json` has it. The scenario's secrets are hidden."""

    verdict: Verdict
    result: RunResult


class ReportFileError(Exception):
    """A file is no report of a run."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"{path}: is no report.json of a soak: {reason}")


def report_on(result: RunResult) -> Report:
    """Return the report on a run."""
    scenario = without_secrets(result.scenario)
    return Report(judge(result), msgspec.structs.replace(result, scenario=scenario))


def write_report(report: Report, folder: Path) -> list[Path]:
    """Write the three files into a folder, which is made if need be; return their paths.

    Raises:
        OSError: they can not be written; it names the file.
    """
    folder.mkdir(parents=True, exist_ok=True)
    contents = {
        "report.html": page(report.result, report.verdict).encode(),
        _FILE: msgspec.json.encode(report),
        "junit.xml": junit_xml(report.result, report.verdict),
    }
    for name, content in contents.items():
        _write(folder / name, content)
    return [folder / name for name in contents]


def _write(file: Path, content: bytes) -> None:
    try:
        file.write_bytes(content)
    except OSError as error:  # a disk that is full does not say which file it was
        raise OSError(error.errno, error.strerror, str(file)) from error


def read_report(path: Path) -> Report:
    """Return the report of a `report.json`, of a run's folder, or of the latest run in a folder.

    Raises:
        ReportFileError: it is none.
        OSError: it can not be read.
    """
    file = _report_file(path)
    try:
        report: Report = decode(file.read_bytes(), Report)
    except InvalidValueError as error:
        raise ReportFileError(file, str(error)) from error
    return report


def _report_file(path: Path) -> Path:
    if not path.is_dir():
        return path
    latest = path / LATEST / _FILE
    return latest if latest.exists() else path / _FILE
