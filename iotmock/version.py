"""The version: that of the newest release in CHANGELOG.md, and said nowhere else."""

import re
from importlib import metadata
from pathlib import Path

_PROJECT = Path(__file__).parents[1]
_RELEASE = re.compile(r"^## (\d+(?:\.\d+)+)", re.MULTILINE)


def newest_release(changelog: str) -> str:
    """Return the version of the first release; what is unreleased has none.

    Raises:
        ValueError: there is no release in it.
    """
    found = _RELEASE.search(changelog)
    if found is None:
        raise ValueError("CHANGELOG.md names no release: give it a heading like '## 0.1.0'")
    return found[1]


def _is_source(folder: Path) -> bool:
    """Say whether it is a checkout or an unpacked sdist, not a `site-packages`."""
    description = folder / "pyproject.toml"
    return description.exists() and 'name = "iotmock"' in description.read_text("utf-8")


def _version() -> str:
    """Return it as the source has it, else as it was when the package was built."""
    if _is_source(_PROJECT):
        return newest_release((_PROJECT / "CHANGELOG.md").read_text("utf-8"))
    return metadata.version("iotmock")


VERSION = _version()
