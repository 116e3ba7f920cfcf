"""The files of the repository, also where it is an unpacked sdist without git."""

import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[1]
_SOURCES = ROOT / "iotmock.egg-info" / "SOURCES.txt"
_OF_THE_SDIST = ("PKG-INFO", "setup.cfg", "iotmock.egg-info/")


def files() -> list[str]:
    """Return their paths below `ROOT`, with `/`."""
    return [name for name in _listed() if (ROOT / name).is_file()]


def _listed() -> list[str]:
    if not (ROOT / ".git").exists():
        sources = _SOURCES.read_text().splitlines()
        return [name for name in sources if not name.startswith(_OF_THE_SDIST)]
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return [name for name in listed.stdout.split("\0") if name]


def copy_to(folder: Path) -> Path:
    """Copy them all, as a newcomer has them, and return `folder`."""
    for name in files():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, folder / name)
    return folder
