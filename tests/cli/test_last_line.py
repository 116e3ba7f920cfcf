"""The last line of a service that can not start says why, whatever it complained of before."""

import subprocess
import sys

from tests.patience import SLACK

SCRIPT = """
import structlog
import typer
from iotmock.cli.actions import serving
from iotmock.service.errors import ServiceError

async def complain_and_end(settings):
    for _ in range(3):
        structlog.get_logger().warning("no connection to the broker")
    raise ServiceError("FLEET can not be made")

serving.serve_until_signal = complain_and_end
try:
    serving.serve({"STATE_FILE": ":memory:"}, None, None)
except typer.Exit:
    pass
"""


def test_what_was_held_back_comes_before_the_reason() -> None:
    ended = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        capture_output=True,
        text=True,
        timeout=30 * SLACK,
        check=False,
    )
    lines = ended.stderr.splitlines()
    assert lines[-1] == "iotmock: FLEET can not be made", ended.stderr
    assert "times=2" in lines[-2]
