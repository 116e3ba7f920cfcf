"""A newcomer's machine: a copy of the repository, a home of its own, and what any system has."""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

from attrs import evolve, frozen

from tests.patience import SLACK
from tests.repository import copy_to

_PLAIN = (
    *("git", "make", "bash", "sh", "curl", "grep", "sed"),
    *("basename", "cat", "chmod", "cp", "cut", "date", "dirname", "echo", "env", "false", "head"),
    *("ln", "ls", "mkdir", "mktemp", "mv", "printf", "pwd", "readlink", "rm", "rmdir", "sleep"),
    *("sort", "tail", "tee", "test", "touch", "tr", "true", "uname", "uniq", "wc"),
)
"""What is on the PATH beside python3: coreutils and a few more; mosquitto is not."""
_PIP = (
    *("PIP_NO_COMPILE", "PIP_INDEX_URL", "PIP_CONFIG_FILE", "PIP_CERT"),
    *("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE"),
)
_INSTALL_S = 300.0


@frozen
class Newcomer:
    """Somebody with a copy, in which `.venv` is as `make run` makes it: in `installed_s`."""

    folder: Path
    tools: Path
    installed_s: float
    present: frozenset[Path] = frozenset()

    def environment(self, port: int, mqtt_port: int) -> dict[str, str]:
        """Return all variables that there are."""
        return {
            "HOME": str(self.folder.with_name("home")),
            "PATH": str(self.tools),
            "PORT": str(port),
            "MQTT_BROKER_PORT": str(mqtt_port),
        } | {name: os.environ[name] for name in _PIP if name in os.environ}

    def begin_anew(self) -> None:
        """Forget what whoever was here before has left: devices, faults, scenarios, reports."""
        for left in set(self.folder.iterdir()) - self.present:
            if left.is_dir():
                shutil.rmtree(left)
            else:
                left.unlink()


def arrive(folder: Path) -> Newcomer:
    """Copy the repository into `folder`, and install as `make` does."""
    someone = Newcomer(folder / "copy", folder / "tools", 0.0)
    for made in (someone.folder, someone.tools, folder / "home"):
        made.mkdir()
    for name in _PLAIN:
        if (path := shutil.which(name)) is not None:
            (someone.tools / name).symlink_to(path)
    (someone.tools / "python3").symlink_to(os.path.realpath(sys.executable))
    copy_to(someone.folder)
    begun = time.monotonic()
    subprocess.run(
        ["make", ".venv/.run"],
        cwd=someone.folder,
        env=someone.environment(0, 0),
        check=True,
        timeout=_INSTALL_S * SLACK,
    )
    took_s = time.monotonic() - begun
    return evolve(someone, installed_s=took_s, present=frozenset(someone.folder.iterdir()))
