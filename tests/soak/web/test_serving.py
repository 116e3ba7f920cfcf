"""What the page of a run answers to programs."""

import httpx
import pytest
import trio
from rich.console import Console

from iotmock.soak.report.terminal.lines import Lines
from iotmock.soak.report.terminal.screen import Course
from iotmock.soak.web.serving import showing
from iotmock.soak.web.watch import Watch

pytestmark = pytest.mark.trio


def watch() -> Watch:
    return Watch(Course("night", 300.0), Lines(Console(quiet=True), 300.0), "night/one")


async def test_a_program_is_not_led_to_a_document_that_a_run_has_not() -> None:
    async with showing(watch(), 0) as url, httpx.AsyncClient() as client:
        with trio.fail_after(20):
            got = await client.get(url)
        assert (got.status_code, got.headers["Content-Type"]) == (200, "text/html")
