"""When what is missing was due, from counts of a run's slices."""

from collections import Counter
from collections.abc import Collection, Iterable

import pytest
from attrs import define

from iotmock.soak.stores.missing_when import Search
from iotmock.soak.stores.sent import SentBy, SentOverTime, together
from iotmock.soak.stores.stored import Comparison, Sent, Span


@define
class Remembered:
    """A store that has these devices and times."""

    points: list[tuple[str, float]]
    asked: int = 0
    name: str = "remembered"

    async def count(self, span: Span, devices: Collection[str] | None = None) -> dict[str, int]:
        self.asked += 1
        return Counter(name for name, time in self.points if span.begin <= time < span.end)


def every_second(device: str, but: Collection[int] = (), begin: int = 0) -> list[tuple[str, float]]:
    return [(device, float(time)) for time in range(begin, 100) if time not in but]


def noted(points: list[tuple[str, float]], late: float = 0.0, at: float = 0.0) -> SentOverTime:
    """Take note `at` s after each 10 s; what is sent is numbered `late` s after it was due."""
    over_time = SentOverTime(most=20)
    for moment in range(10, 101, 10):
        over_time.note(
            moment // 10, moment, Counter(name for name, time in points if time + late < moment)
        )
    return over_time


async def search(
    store: Remembered, over_time: Iterable[SentBy], sent: Sent
) -> dict[str, list[Span]]:
    span = Span(0, 200)
    worst = Comparison(sent, await store.count(span)).worst()
    return await Search(store, span, over_time).run(worst)


def counts(points: list[tuple[str, float]]) -> Sent:
    return Sent(Counter(name for name, _ in points))


@pytest.mark.trio
async def test_slices_that_lack_some_are_found() -> None:
    sent = every_second("a") + every_second("b", begin=45)
    store = Remembered(every_second("a", but=(7, 33, 42, 43)) + every_second("b", (99,), 45))
    found = await search(store, noted(sent), counts(sent))
    assert found == {"a": [Span(0, 10), Span(30, 50)], "b": [Span(90, 100)]}


@pytest.mark.trio
@pytest.mark.parametrize("late", [1.5, 25.0])
async def test_what_a_late_generator_hides_is_not_given_a_wrong_time(late: float) -> None:
    sent = every_second("a")
    store = Remembered(every_second("a", but=(33,)))
    found = await search(store, noted(sent, late), counts(sent))
    assert covered(found["a"], 33)


def covered(spans: list[Span], time: float) -> bool:
    return any(span.begin <= time < span.end for span in spans)


@pytest.mark.trio
async def test_neighbours_are_one_range() -> None:
    sent = every_second("a")
    store = Remembered(every_second("a", but=range(20, 50)))
    assert await search(store, noted(sent), counts(sent)) == {"a": [Span(20, 50)]}


@pytest.mark.trio
async def test_the_store_is_asked_once_a_slice_for_all_devices() -> None:
    sent = [point for name in "abcdef" for point in every_second(name)]
    store = Remembered(sent[::2])
    await search(store, noted(sent), counts(sent))
    assert store.asked == 1 + 11


@pytest.mark.trio
async def test_workers_whose_clocks_differ_a_little_are_searched_together() -> None:
    sent = every_second("a") + every_second("b")
    store = Remembered(every_second("a", but=(33,)) + every_second("b", but=(42,)))
    workers = [noted(every_second("a"), at=0.0).moments, noted(every_second("b"), at=0.1).moments]
    found = await search(store, together(workers), counts(sent))
    assert covered(found["a"], 33)
    assert covered(found["b"], 42)
    assert sum(span.end - span.begin for span in found["a"] + found["b"]) <= 41


def test_only_what_every_worker_has_noted_is_a_moment_of_the_run() -> None:
    one, other = noted(every_second("a")).moments, noted(every_second("b")).moments
    del other[3]
    assert [moment.at for moment in together([one, other])] == [10, 20, 40, 50, 60, 70, 80, 90, 100]
    assert together([]) == []


def test_a_long_run_has_no_more_moments_than_a_short_one() -> None:
    over_time = SentOverTime(most=8)
    for second in range(100_000):
        over_time.note(second, second, {"a": second, **({"b": second} if second > 50_000 else {})})
    moments = list(over_time)
    assert 3 <= len(moments) < 8
    assert [moment.count("a") for moment in moments] == [moment.at for moment in moments]
    assert moments[0].count("b") == 0
    assert moments[-1].count("b") == moments[-1].at
    assert moments[-1].at > 80_000
