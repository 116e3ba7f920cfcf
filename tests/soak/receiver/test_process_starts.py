"""The receiver as a process: what can not be is said in one line, and it ends when stdin does."""

import sys
from subprocess import PIPE, Popen

import pytest

from tests.patience import SLACK
from tests.soak.receiver.running import PATIENCE_S

COMMAND = [sys.executable, "-m", "iotmock.soak.receiver.process"]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"{}", "run: is required"),
        (b'{"run":"r","port":"x"}', "port: must be a whole number, not 'x'"),
        (b"[", "a line on stdin can not be used"),
        (b'{"run":"r","port":1,"host":"127.0.0.1"}', "nothing answers at 127.0.0.1:1"),
        (b'{"run":"r","tls":true,"tls_ca":"nowhere.pem"}', "the TLS files can not be used"),
    ],
)
def test_what_can_not_be_is_one_line_and_exit_code_2(line: bytes, reason: str) -> None:
    with Popen(COMMAND, stdin=PIPE, stdout=PIPE, stderr=PIPE) as process:
        assert process.stdin is not None
        assert process.stderr is not None
        process.stdin.write(line + b"\n")
        process.stdin.flush()
        assert process.wait(PATIENCE_S * SLACK) == 2
        said = process.stderr.read().decode()
    assert reason in said
    assert said.count("\n") == 1


def test_it_ends_when_stdin_does() -> None:
    with Popen(COMMAND, stdin=PIPE, stdout=PIPE, stderr=PIPE) as process:
        assert process.communicate(b"", PATIENCE_S * SLACK) == (b"", b"")
    assert process.returncode == 0
