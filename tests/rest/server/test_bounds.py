"""What a peer of HTTP/2 makes a connection keep."""

import pytest
from h2.errors import ErrorCodes
from hyperframe.frame import ContinuationFrame, HeadersFrame

from tests.rest.http2 import http2
from tests.rest.rig import Served
from tests.rest.server.peers import protocol_of


@pytest.mark.trio
async def test_a_header_block_has_a_longest(served: Served) -> None:
    part = b"\0" * 16_000
    async with http2(served.port) as client:
        await client.ask("POST", "/api/v1/devices", ends=False)
        more = [ContinuationFrame(3, part) for _ in range(4)]
        await client.send_frames(HeadersFrame(3, part), *more)
        await client.wait_gone()
        assert client.goodbye == ErrorCodes.ENHANCE_YOUR_CALM
    assert served.server.counts.failed == 0


@pytest.mark.trio
async def test_headers_that_are_no_longer_than_they_may_be_are_answered(served: Served) -> None:
    headers = [(f"x-{number}", "y" * 15_000) for number in range(4)]
    async with http2(served.port) as client:
        answer = await client.wait(await client.ask("GET", "/health", *headers))
        assert answer.status == 200
        assert protocol_of(served).begun_at is None
