"""How lines look to whoever reads them."""

import subprocess
import sys

import pytest

_SAYS = (
    "import structlog; from iotmock.log.lines import set_up_logging; set_up_logging('info', {!r});"
    "structlog.get_logger().warning('no connection', kind='lost', broker='here')"
)


@pytest.mark.parametrize("style", ["text", "json"])
def test_what_tells_complaints_apart_is_not_shown(style: str) -> None:
    command = [sys.executable, "-c", _SAYS.format(style)]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stderr
    assert "no connection" in said
    assert "here" in said
    assert "kind" not in said
