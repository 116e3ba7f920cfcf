"""The connection to a Ray cluster, which is tried in another process first.

While its workers do not start, a cluster lets who connects wait for ever, in a call that even
Ctrl-C does not end; and where no node of it answers, the call ends its process.
"""

import logging
import socket
import subprocess
import sys
from importlib.util import find_spec
from typing import Any

from iotmock.soak.run.error import SoakError

_REACH_S = 5.0
_ANSWER_S = 120.0
"""What a cluster may take that has just been started, on a machine that has other work."""
_LONGEST = 500
_REFUSALS = (ConnectionError, ValueError, RuntimeError)


def connected(address: str, patience_s: float = _ANSWER_S) -> Any:
    """Return the module `ray`, connected to a cluster.

    Raises:
        SoakError: Ray is not installed here, or nothing answers there within `patience_s`.
    """
    if find_spec("ray") is None:
        raise SoakError("--ray needs Ray: pip install 'iotmock[ray]'")
    _check_reachable(address)
    _check_answers(address, patience_s)
    try:
        return _ray(address)
    except _REFUSALS as error:
        raise _unusable(address, _in_one_line(error)) from error


def first_line(error: BaseException) -> str:
    """Return what an error of Ray says, without the pages that follow."""
    return _lines(error)[0]


def last_line(error: BaseException) -> str:
    """Return what an error of Ray ends with: the error that was its cause elsewhere."""
    return _lines(error)[-1]


def _lines(error: BaseException) -> list[str]:
    return str(error).strip().splitlines() or [type(error).__name__]


def _check_reachable(address: str) -> None:
    # Ray itself tries for minutes.
    host, _, port = address.removeprefix("ray://").rpartition(":")
    if not port.isdecimal():
        return
    try:
        socket.create_connection((host, int(port)), _REACH_S).close()
    except OSError as error:
        raise _unusable(address, error.strerror) from error


def _check_answers(address: str, patience_s: float) -> None:
    command = [sys.executable, "-m", __name__, address]
    try:
        trial = subprocess.run(  # noqa: S603 - our own module
            command, capture_output=True, text=True, timeout=patience_s, check=False
        )
    except subprocess.TimeoutExpired as error:
        why = f"it has let nobody in within {patience_s:g} s; see what `ray status` says there"
        raise _unusable(address, why) from error
    if trial.returncode:
        said = trial.stderr.strip().splitlines() or [f"exit code {trial.returncode}"]
        raise _unusable(address, said[-1])


def _in_one_line(error: BaseException) -> str:
    # That of versions which differ has its versions in the next lines.
    return " ".join(" ".join(_lines(error)).split())[:_LONGEST]


def _unusable(address: str, why: str | None) -> SoakError:
    return SoakError(f"no Ray cluster can be used at {address}: {why}")


def _ray(address: str) -> Any:
    import ray  # noqa: PLC0415 - large, and only who asks for it has it

    ray.init(address=address, log_to_driver=False, logging_level=logging.ERROR)
    return ray


def _try() -> None:
    try:
        _ray(sys.argv[1])
    except _REFUSALS as error:
        sys.exit(_in_one_line(error))


if __name__ == "__main__":
    _try()
