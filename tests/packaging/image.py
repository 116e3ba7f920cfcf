"""The image, built from the Dockerfile without an engine, and containers of it."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest
from attrs import define, field

from tests.packaging.commands import clean_environment, run
from tests.patience import SLACK
from tests.repository import ROOT
from tests.service.process import Service

NAME = "localhost/iot-mock-service"
BASE = "localhost/python:3.11-slim"
_FOLDER = ROOT / "build/image"  # kept: the base takes most of a minute
_REQUIRED = "IOTMOCK_REQUIRE_IMAGE"
# What an engine does for `--read-only --cap-drop ALL --security-opt no-new-privileges -v …:/data`.
_CONFINED = """
set -e
mount --make-rprivate /
mount --bind {root} {root}
mount -t proc proc {root}/proc
mount --rbind /dev {root}/dev
mount --bind {data} {root}/data
mount -o remount,ro,bind {root}
exec chroot {root} setpriv --reuid {user} --regid {user} --clear-groups \
  --no-new-privs --bounding-set=-all --inh-caps=-all -- env -i -C {folder} "$@"
"""


@define(slots=False)
class Image:
    """A built image, mounted at `root` as a container of it has it."""

    root: Path

    @cached_property
    def settings(self) -> Any:
        """What the Dockerfile says beside files: user, environment, commands."""
        told = json.loads(_buildah("inspect", "--type", "image", NAME))
        return told["Docker"]["config"]

    def size_mb(self) -> float:
        return _size_mb(NAME)

    def base_size_mb(self) -> float:
        return _size_mb(BASE)


@define(eq=False)
class Container(Service):
    """The image's own command in a container that can write nowhere but to `data`."""

    image: Image = field(kw_only=True)

    def command(self) -> list[str]:
        settings = self.image.settings
        return self._confined(*settings["Entrypoint"], *settings["Cmd"])

    def run_inside(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run a command beside the service, as an engine's `exec` does."""
        return subprocess.run(
            self._confined(*words),
            capture_output=True,
            text=True,
            timeout=60 * SLACK,
            check=False,
        )

    def check_health(self) -> bool:
        """Run the image's HEALTHCHECK."""
        kind, *words = self.image.settings["Healthcheck"]["Test"]
        assert kind == "CMD"
        return self.run_inside(*words).returncode == 0

    def _confined(self, *words: str) -> list[str]:
        settings = self.image.settings
        script = _CONFINED.format(
            root=self.image.root,
            data=self.folder / "data",
            user=settings["User"],
            folder=settings["WorkingDir"],
        )
        given = [f"{name}={text}" for name, text in self.environment.items()]
        own = [*settings["Env"], f"PORT={self.port}", *given]
        return ["unshare", "--mount", "sh", "-c", script, "sh", *own, *words]


@contextmanager
def built_image() -> Iterator[Image]:
    """Build the image, or skip the test with the reason."""
    if reason := _lacking():
        if os.environ.get(_REQUIRED):
            pytest.fail(f"{reason}, and {_REQUIRED} is set")
        pytest.skip(reason)
    python = clean_environment(PYTHON=sys.executable)
    run(ROOT / "deploy/build-image", _FOLDER, env=python, seconds=300)
    container = _buildah("from", "--pull-never", NAME).strip()
    try:
        yield Image(Path(_buildah("mount", container).strip()))
    finally:
        _buildah("rm", container)


@contextmanager
def running_container(image: Image, folder: Path, **environment: object) -> Iterator[Container]:
    """Run a container; its data is in `folder`, and the image's user's as in the image."""
    (folder / "data").mkdir()
    owner = (image.root / "data").stat()
    os.chown(folder / "data", owner.st_uid, owner.st_gid)
    given = {name: str(value) for name, value in environment.items()}
    container = Container(folder, given, image=image)
    try:
        container.start()
        yield container
    finally:
        if container.process is not None:
            container.process.kill()
            container.process.wait()


def _lacking() -> str | None:
    programs = ("buildah", "debootstrap", "unshare")
    if missing := [name for name in programs if not shutil.which(name, path=_PATH)]:
        return f"not installed, as in Debian: {', '.join(missing)}"
    if os.geteuid() != 0:
        return "an image is built as root"
    if sys.version_info[:2] != (3, 11):
        return "the image's Python is 3.11, and its wheels are collected by the one that tests"
    return None


_PATH = f"{os.environ.get('PATH', '')}:/usr/sbin"


def _buildah(*words: str) -> str:
    store = ("--root", _FOLDER / "storage", "--runroot", _FOLDER / "run")
    driver = os.environ.get("STORAGE_DRIVER", "overlay")
    return run("buildah", *store, "--storage-driver", driver, *words)


def _size_mb(name: str) -> float:
    number, unit = _buildah("images", "--format", "{{.Size}}", name).split()
    assert unit == "MB"
    return float(number)
