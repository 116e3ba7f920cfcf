"""The site, built once for the tests of a file."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.patience import SLACK
from tests.repository import ROOT

_LONGEST_S = 120.0


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `make docs` builds, somewhere else; strictly: a dead link would end it."""
    folder = tmp_path_factory.mktemp("manual") / "built"
    made = subprocess.run(
        [sys.executable, "-m", "manual", "--to", str(folder)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=_LONGEST_S * SLACK,
    )
    assert made.returncode == 0, made.stderr
    return folder
