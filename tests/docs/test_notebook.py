"""The notebook of the examples: it runs from top to bottom, and says what its text says."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.docs.notebook import cells
from tests.docs.snippets import ROOT

NOTEBOOK = ROOT / "examples" / "notebook.ipynb"
MOST_BYTES = 50_000
pytestmark = pytest.mark.long(15)


def test_it_runs_from_top_to_bottom_and_draws(tmp_path: Path) -> None:
    command = [
        sys.executable,
        "-W",
        "error",
        "-m",
        "tests.docs.notebook",
        str(NOTEBOOK),
        "pictures",
    ]
    variables = os.environ | {"PYTHONPATH": os.pathsep.join([str(ROOT), *sys.path])}
    done = subprocess.run(
        command, cwd=tmp_path, env=variables, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    pictures = list((tmp_path / "pictures").glob("*.png"))
    assert len(pictures) == 4
    assert min(picture.stat().st_size for picture in pictures) > 10_000
    rows = {line.split()[0]: line.split()[1:5] for line in done.stdout.splitlines() if line}
    assert rows["gap"] == ["3.0", "3.0", "0.0", "0.0"]
    assert rows["false_zero"][:3] == ["2.0", "2.0", "0.0"]
    assert rows["stuck"][:3] == ["3.0", "2.0", "1.0"]  # one hangs while its device is at rest
    assert rows["drift"][:3] == ["1.0", "0.0", "1.0"]  # as the text says


def test_it_is_committed_without_what_it_made() -> None:
    assert NOTEBOOK.stat().st_size < MOST_BYTES
    for cell in cells(NOTEBOOK):
        assert not cell.get("outputs"), cell["id"]
        assert cell.get("execution_count") is None, cell["id"]
