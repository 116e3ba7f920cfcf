"""What the shells complete: the real bash, and what zsh and fish are told."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.patience import SLACK

PRESSES_TAB = """
eval "$(iotmock completion bash)"
complete -p iotmock >/dev/null || exit 3
COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
_iotmock_completion iotmock
printf '%s\\n' "${COMPREPLY[@]}"
"""


@pytest.fixture
def path(tmp_path: Path) -> str:
    """Return a PATH on which `iotmock` is ours."""
    program = tmp_path / "iotmock"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m iotmock "$@"\n')
    program.chmod(0o755)
    return f"{tmp_path}{os.pathsep}{os.environ['PATH']}"


def said(*command: str, **environment: str) -> list[str]:
    done = subprocess.run(
        command,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        timeout=30 * SLACK,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout.splitlines()


@pytest.mark.parametrize(
    ("words", "proposed"),
    [
        (("so",), {"soak"}),
        (("soak", "c"), {"check", "compare"}),
        (("serve", "--lo"), {"--log-level"}),
        (("completion", ""), {"bash", "zsh", "fish"}),
    ],
)
@pytest.mark.skipif(shutil.which("bash") is None, reason="bash is not installed")
def test_bash_completes(path: str, words: tuple[str, ...], proposed: set[str]) -> None:
    assert set(said("bash", "-c", PRESSES_TAB, "bash", "iotmock", *words, PATH=path)) == proposed


def test_zsh_and_fish_are_told_the_same(path: str) -> None:
    asked = {"_TYPER_COMPLETE_ARGS": "iotmock soak c", "PATH": path}
    for shell, more in (("zsh", {}), ("fish", {"_TYPER_COMPLETE_FISH_ACTION": "get-args"})):
        told = " ".join(said("iotmock", **asked, **more, _IOTMOCK_COMPLETE=f"complete_{shell}"))
        assert "check" in told
        assert "compare" in told
        assert "schema" not in told


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_script_of_a_shell_is_in_order(path: str, shell: str, tmp_path: Path) -> None:
    lines = said("iotmock", "completion", shell, PATH=path)
    assert any("iotmock" in line for line in lines)
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not installed")
    file = tmp_path / "script"
    file.write_text("\n".join(lines))
    said(shell, "-n", str(file))


def test_another_shell_is_refused_with_those_that_there_are(path: str) -> None:
    done = subprocess.run(
        ["iotmock", "completion", "tcsh"],
        env=os.environ | {"PATH": path},
        capture_output=True,
        text=True,
        timeout=30 * SLACK,
        check=False,
    )
    assert done.returncode == 2
    assert "bash" in done.stderr
