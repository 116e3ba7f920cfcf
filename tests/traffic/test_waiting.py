"""What waits for the disk: nobody who listens waits with it, and nothing of it is lost."""

from pathlib import Path

import pytest
import trio
import trio.testing

from iotmock.broker.place import Place
from iotmock.mqtt import ConnectOptions, Message, SubscribeRefused, Unanswered
from iotmock.mqtt.codec.packets import Publish, SubAck
from iotmock.traffic.files.json_lines import LinesReader, LinesWriter
from iotmock.traffic.recorded import Recorded
from iotmock.traffic.recording.recorder import Recorder
from iotmock.traffic.recording.tally import Tally
from iotmock.traffic.recording.waiting import Waiting
from tests.mqtt.scripted_broker import SILENCE, Rules, scripted_broker

pytestmark = pytest.mark.trio
ROW = Recorded(0, "a", b"x")


async def test_who_listens_does_not_wait_while_a_batch_grows(
    autojump_clock: trio.testing.MockClock,
) -> None:
    waiting, taken = Waiting(), list[int]()

    async def take() -> None:
        while rows := await waiting.take():
            taken.append(len(rows))

    async with trio.open_nursery() as nursery:
        nursery.start_soon(take)
        begun = trio.current_time()
        for _ in range(4_000):  # each of them a read of the network
            await waiting.put([ROW])
        assert trio.current_time() == begun
        await trio.sleep(1.0)
        assert taken == [4_000]
        waiting.end()
    assert trio.current_time() == pytest.approx(begun + 1.0)


async def test_a_large_batch_does_not_wait_for_more(
    autojump_clock: trio.testing.MockClock,
) -> None:
    waiting, begun = Waiting(), trio.current_time()
    await waiting.put([ROW] * 12_000)
    assert [len(await waiting.take()) for _ in range(2)] == [5_000, 5_000]
    assert trio.current_time() == begun
    waiting.end()
    assert [len(await waiting.take()) for _ in range(2)] == [2_000, 0]
    assert trio.current_time() == begun


@pytest.mark.parametrize("rows", [[ROW] * 20_000, [Recorded(0, "a", bytes(32 << 20))]])
async def test_who_is_cancelled_while_there_is_no_room_has_lost_nothing(
    rows: list[Recorded], autojump_clock: trio.testing.MockClock
) -> None:
    waiting = Waiting()
    with trio.move_on_after(1.0) as scope:
        await waiting.put(rows)
    assert scope.cancelled_caught
    waiting.end()
    taken = list[Recorded]()
    while batch := await waiting.take():
        taken += batch
    assert taken == rows


async def test_its_time_begins_with_the_subscription(
    tmp_path: Path, mock_clock: trio.testing.MockClock
) -> None:
    writer, tally = LinesWriter.begin(tmp_path / "a.jsonl"), Tally("a")
    async with scripted_broker(Rules(suback=lambda _: SILENCE)) as broker:
        place = Place("127.0.0.1", broker.port, ConnectOptions("a"))
        recorder = Recorder(place, ("a/#",), writer, tally, print, seconds=5.0)
        async with trio.open_nursery() as nursery:
            nursery.start_soon(recorder.run)
            await broker.wait_for(lambda: any(peer.filters for peer in broker.peers))
            mock_clock.jump(10.0)
            [peer] = broker.peers
            await peer.send(SubAck(1, (2,)), Publish(Message("a/b", b"x"), None))
            while not tally.messages:
                await trio.lowlevel.checkpoint()
            mock_clock.jump(10.0)
    writer.finish()


async def test_a_first_subscription_that_nobody_answers_is_an_error(
    tmp_path: Path, mock_clock: trio.testing.MockClock
) -> None:
    writer = LinesWriter.begin(tmp_path / "a.jsonl")
    async with scripted_broker(Rules(suback=lambda _: SILENCE)) as broker:
        place = Place("127.0.0.1", broker.port, ConnectOptions("a"))

        async def pass_the_time() -> None:
            await broker.wait_for(lambda: any(peer.filters for peer in broker.peers))
            mock_clock.jump(20.0)

        async with trio.open_nursery() as nursery:
            nursery.start_soon(pass_the_time)
            with pytest.raises(Unanswered):
                await Recorder(place, ("a/#",), writer, Tally("a"), print).run()
    writer.finish()


async def test_what_came_before_a_refusal_is_written(tmp_path: Path) -> None:
    class Refused(Recorder):
        async def _listen(self, waiting: Waiting) -> None:
            await waiting.put([ROW])
            raise SubscribeRefused("a/#", 0x87)

    writer, place = LinesWriter.begin(tmp_path / "a.jsonl"), Place("", 0, ConnectOptions("a"))
    with pytest.raises(SubscribeRefused):
        await Refused(place, ("a/#",), writer, Tally("a"), print).run()
    writer.finish()
    assert [*LinesReader.open(tmp_path / "a.jsonl").batches()] == [[ROW]]
