"""What a peer of HTTP/2 makes a connection keep."""

import struct

import pytest
from h2.errors import ErrorCodes
from h2.settings import SettingCodes
from hpack import Decoder
from hyperframe.frame import ContinuationFrame, HeadersFrame

from iotmock.rest.server.bounds import BoundedEncoder
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


@pytest.mark.trio
async def test_the_headers_that_are_kept_are_not_as_many_as_the_peer_says(served: Served) -> None:
    async with http2(served.port) as client:
        client.connection.update_settings({SettingCodes.HEADER_TABLE_SIZE: 2**32 - 1})
        await client.flush()
        for _ in range(2):
            assert await client.get("/health") == 200
        assert protocol_of(served).connection.encoder.header_table_size == 4_096


@pytest.mark.parametrize("sizes", [(0,), (0, 2**32 - 1), (100, 50, 200), (2**31, 7, 7)])
def test_changes_of_the_table_are_understood(sizes: tuple[int, ...]) -> None:
    encoder, decoder = BoundedEncoder(), Decoder()
    headers = [(b"x-a", b"b" * 50), (b"x-c", b"d")]
    for _ in range(2):
        assert list(decoder.decode(encoder.encode(headers), raw=True)) == headers
        for size in sizes * 1_000:
            encoder.header_table_size = size
        assert len(encoder.table_size_changes) <= 2
    assert list(decoder.decode(encoder.encode(headers), raw=True)) == headers


@pytest.mark.trio
async def test_settings_that_nobody_knows_are_forgotten(served: Served) -> None:
    unknown = b"".join(struct.pack(">HI", code, 1) for code in range(1_000, 3_000))
    async with http2(served.port) as client:
        await client.stream.send_all(len(unknown).to_bytes(3) + b"\4\0\0\0\0\0" + unknown)
        assert await client.get("/health") == 200
        assert len(protocol_of(served).connection.remote_settings) < 20
