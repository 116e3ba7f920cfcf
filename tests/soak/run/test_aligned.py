"""Words of several processes are put together: by the second, and where one of them is dead."""

import time
from collections.abc import Sequence
from pathlib import Path

import pytest
import trio
from attrs import define, field
from trio.testing import MockClock

from iotmock.soak.account.command_account import CommandAccount
from iotmock.soak.account.tally import Tally
from iotmock.soak.receiver.receipts import Receipts
from iotmock.soak.report.criteria import Judgement
from iotmock.soak.report.measures import Event, Sample
from iotmock.soak.run.monitor import Monitor
from iotmock.soak.run.observer import Observer, config_of
from iotmock.soak.run.outcome import totals
from iotmock.soak.run.processes.shards import Processes
from iotmock.soak.run.processes.workers import Workers
from iotmock.soak.shard.order import Progress
from iotmock.verification.latency import Quantiles
from tests.patience import within
from tests.soak.runs import scenario

NONE = Quantiles(0, 0.0, 0.0, 0.0, 0.0, 0.0)


def receipts(at: float, received: int, lost: int = 0) -> Receipts:
    return Receipts(
        at=at,
        final=False,
        connected=True,
        devices=1,
        counts=Tally(received=received, lost=lost),
        groups={},
        missing=0,
        foreign=0,
        receiver_outages=0,
        latency=NONE,
        recent_latency=NONE,
        transit=NONE,
        latency_histogram="",
        transit_histogram="",
        rate=0.0,
        memory_mb=0.0,
        cpu_s=0.0,
    )


@define
class Seen:
    """A view that keeps what it is shown."""

    samples: list[Sample] = field(factory=list)
    shown: trio.Event = field(factory=trio.Event)

    def show(self, sample: Sample, _so_far: Sequence[Judgement] = ()) -> None:
        self.samples.append(sample)
        self.shown.set()

    def note(self, event: Event) -> None:
        pass


def workers(count: int, folder: Path) -> Workers:
    return Workers(scenario(), "run", count, Processes(folder))


@pytest.mark.trio
async def test_a_second_is_shown_when_all_have_said_how_far_they_were_by_then(
    tmp_path: Path,
    autojump_clock: MockClock,
) -> None:
    both, seen, start = workers(2, tmp_path), Seen(), time.time()
    observer = Observer(config_of(scenario(), "run"), tmp_path / "log", receipts(start, 0))
    monitor = Monitor(scenario(), both, observer, seen)
    monitor.begin(start)
    monitor.began = trio.current_time()  # whatever the wall clock has done since `start`
    first, second = both
    first.take(Progress(at=start + 0.981, due=50.0, numbered=50))
    observer.receipts = receipts(start + 0.961, 100)
    async with trio.open_nursery() as nursery:
        nursery.start_soon(monitor.run)
        await trio.sleep_until(monitor.began + 1.2)  # the second word is late
        assert not seen.samples
        second.take(Progress(at=start + 0.983, due=50.0, numbered=50))
        with within(5.0):
            await seen.shown.wait()
        nursery.cancel_scope.cancel()
    (sample,) = seen.samples
    assert (sample.t, sample.due, sample.sent, sample.received) == (1.0, 100.0, 100.0, 100.0)


def test_what_came_of_a_dead_worker_was_sent_whatever_it_said_last(tmp_path: Path) -> None:
    whole, dead = workers(2, tmp_path)
    whole.take(Progress(at=1.0, due=1_000.0, numbered=1_000))
    dead.take(Progress(at=1.0, due=650.0, numbered=650))
    before = totals([whole, dead], receipts(2.0, 1_684, lost=3), CommandAccount())
    assert (before.sent, before.received) == (1_650, 1_684)  # whoever lives will still say
    dead.end("signal 9")
    after = totals([whole, dead], receipts(2.0, 1_684, lost=3), CommandAccount())
    assert (after.sent, after.received, after.lost) == (1_687, 1_684, 3)


@pytest.mark.trio
async def test_what_was_due_after_a_worker_died_is_due_all_the_same(tmp_path: Path) -> None:
    both, start = workers(2, tmp_path), time.time()
    await both.go(start)
    whole, dead = both
    for state in both:
        state.take(Progress(at=start + 100.0, due=500.0, numbered=500))
    dead.end("signal 9")
    both.close(300.0)
    assert whole.missed == 0.0
    assert dead.missed == pytest.approx(1_000.0, rel=0.01)  # 50 devices, 200 s, each 10 s


@pytest.mark.trio
async def test_nothing_is_sent_while_only_the_last_messages_are_waited_for(tmp_path: Path) -> None:
    both, seen, start = workers(1, tmp_path), Seen(), time.time()
    observer = Observer(config_of(scenario(), "run"), tmp_path / "log", receipts(start, 0))
    monitor = Monitor(scenario(), both, observer, seen)
    monitor.begin(start)
    (one,) = both
    one.take(Progress(at=start + 1.0, due=50.0, numbered=50))
    monitor.look(1.0)
    one.done.set()
    monitor.look(2.0)
    assert [(sample.due, sample.sent) for sample in seen.samples] == [(50.0, 50.0), (0.0, 0.0)]
