"""The receiver's first connection has the subscription, or is an error: the run waits for it."""

import pytest
import trio

from iotmock.mqtt import ConnectionLost, Unanswered
from iotmock.mqtt.client import answers
from iotmock.soak.receiver.receipts import ReceiverConfig
from iotmock.soak.receiver.reception import Reception
from tests.mqtt.scripted_broker import CLOSE, SILENCE, Deed, Rules, scripted_broker
from tests.patience import within

pytestmark = pytest.mark.trio


@pytest.mark.parametrize(("deed", "error"), [(SILENCE, Unanswered), (CLOSE, ConnectionLost)])
async def test_a_first_subscription_that_is_not_granted_is_an_error(
    deed: Deed, error: type[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answers, "ANSWER_S", 0.1)
    async with scripted_broker(Rules(suback=lambda _: deed)) as broker:
        config = ReceiverConfig(run="run", host="127.0.0.1", port=broker.port)
        with within(10), pytest.raises(error):
            await Reception.make(config).listener.run()


async def test_a_later_one_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answers, "ANSWER_S", 0.1)
    rules = Rules()
    async with scripted_broker(rules) as broker, trio.open_nursery() as nursery:
        config = ReceiverConfig(run="run", host="127.0.0.1", port=broker.port)
        reception = Reception.make(config)
        await nursery.start(reception.listener.run)
        rules.suback = lambda _: SILENCE
        await broker.peers[0].stream.aclose()
        await broker.wait_for(lambda: len(broker.peers) > 2)
        rules.suback = lambda one: one.qos
        with within(10):
            while not reception.listener.connected:
                await trio.lowlevel.checkpoint()
        nursery.cancel_scope.cancel()
