"""The native dialect says what it has always said, to the byte."""

from pathlib import Path

import pytest
from trio.testing import MockClock

from tests.actors.rig import assemble, running
from tests.dialects.told import live

pytestmark = pytest.mark.trio

_BEFORE = Path(__file__).parent / "native.txt"
"""As it was before there were dialects, but that of two results the own topic's comes first."""


async def test_every_kind_of_message_is_as_it_was(autojump_clock: MockClock) -> None:
    async with running(assemble(), paced=False) as rig:
        assert await live(rig) == _BEFORE.read_text().splitlines()
