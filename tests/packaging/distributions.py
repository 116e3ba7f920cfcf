"""A wheel and an sdist, made as somebody makes them who has the source and pip."""

import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.packaging.commands import run
from tests.repository import ROOT, copy_to, files

MANUAL = "iotmock/manual/built/how-to/tls.html"
"""A page of the manual, as `make docs` leaves it."""


def made_wheel(folder: Path) -> Path:
    """`pip wheel .` with what the Dockerfile copies, which is therefore enough, and a manual."""
    source = folder / "source"
    (listed,) = re.findall(r"^COPY (.+) \./$", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    for name in [*listed.split(), *build_files(), *packaged_files()]:
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, source / name)
    (source / MANUAL).parent.mkdir(parents=True)
    (source / MANUAL).write_text("TLS")
    run(sys.executable, "-m", "pip", "wheel", "--no-deps", "-w", folder, ".", cwd=source)
    return _one_of(folder.glob("*.whl"))


def made_sdist(folder: Path) -> Path:
    source = copy_to(folder / "source")
    run(sys.executable, "-m", "build", "--sdist", "--outdir", folder, source)
    return _one_of(folder.glob("*.tar.gz"))


def packaged_files() -> list[str]:
    return [name for name in files() if name.startswith("iotmock/")]


def build_files() -> list[str]:
    """The files of the build hook."""
    return [name for name in files() if name.startswith("page/")]


def _one_of(found: Iterator[Path]) -> Path:
    (one,) = found
    return one
