"""Erlang's port mapper, which knows by name the nodes of brokers that run on it."""

import subprocess
import time

from tests.patience import SLACK


def wait_forgotten(epmd: str, port: int) -> None:
    """Return once it knows no node of ours: one that has ended keeps its name a moment longer.

    Meanwhile another of that name is refused.
    """
    deadline = time.monotonic() + 20 * SLACK
    while b"iotmock" in subprocess.check_output([epmd, "-port", str(port), "-names"]):
        if time.monotonic() > deadline:
            raise TimeoutError(f"epmd at port {port} still knows the node that has ended")
        time.sleep(0.05)
