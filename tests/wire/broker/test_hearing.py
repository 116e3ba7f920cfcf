"""What has no answer is said to be unheard, as long as it is to be heard."""

from typing import Any, cast

import pytest
import trio

from iotmock.actors.ports.wire import Whose
from iotmock.mqtt import Client, Unanswered
from iotmock.wire.broker.hearing import Hearing

pytestmark = pytest.mark.trio


class Mute:
    """A client whose broker answers for locations alone."""

    async def subscribe(self, *some: Any) -> None:
        await trio.lowlevel.checkpoint()
        if any("devices" in one.topic_filter for one in some):
            raise Unanswered("the test wants it")


async def test_whose_own_topics_have_no_answer_is_told_apart_until_they_are_gone() -> None:
    hearing, client = Hearing(()), cast("Client", Mute())
    assert await hearing.follow(client, Whose.DEVICE, ["a"]) == []
    assert await hearing.follow(client, Whose.LOCATION, ["hall"]) == ["hall"]
    assert not hearing.is_answered
    await hearing.follow(client, Whose.DEVICE, [])
    assert hearing.is_answered
