"""QoS 2 that a broker did not know is tried again, but not at once."""

import pytest
import trio
from trio.testing import MockClock

from iotmock.mqtt import Session
from iotmock.wire.broker.strikes import LoweredQos

pytestmark = pytest.mark.trio


async def test_qos_2_is_tried_again_with_a_later_connection(autojump_clock: MockClock) -> None:
    session, lowered = Session(), LoweredQos()
    for _ in range(2):
        session.maximum_qos = 1
        lowered.before_connect(session)
        await trio.sleep(590)
        lowered.before_connect(session)
        assert session.maximum_qos == 1
        await trio.sleep(20)
        lowered.before_connect(session)
        assert session.maximum_qos == 2
