"""What the start says of REPORTS_DIR."""

from pathlib import Path

import pytest
from structlog.testing import capture_logs

from iotmock.service.stages.http import reports_folder
from iotmock.settings.errors import SettingsError
from iotmock.settings.reading import read_settings


def said(name: str) -> list[str]:
    with capture_logs() as logs:
        folder = reports_folder(read_settings({"REPORTS_DIR": name}))
    assert folder == (Path(name) if name else None)
    return [line["event"] for line in logs]


def test_a_folder_that_can_not_be_read_is_said_in_a_line(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for name in ("file", "missing", "file/below"):
        (line,) = said(str(tmp_path / name))
        assert line.startswith("REPORTS_DIR is no folder that can be read")


def test_of_a_folder_or_none_nothing_is_said(tmp_path: Path) -> None:
    assert said(str(tmp_path)) == said("") == []


@pytest.mark.parametrize("name", ["a\x00b", "a\nb"])
def test_what_is_no_name_is_refused(name: str) -> None:
    with pytest.raises(SettingsError, match=r"REPORTS_DIR.*the path of a folder"):
        read_settings({"REPORTS_DIR": name})
