"""The table of topic names: what a fleet sends stays, what nobody sends any more goes."""

import pytest
from attrs import define

from iotmock.mqtt.codec.written_topics import WrittenTopics, write_topic
from iotmock.mqtt.errors import InvalidMessage

MOST = 10


@define
class Clock:
    now: float = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_topic_is_written_once() -> None:
    topics = WrittenTopics(Clock(), MOST)
    assert topics["a/b"] == b"\x00\x03a/b"
    assert topics["a/b"] is topics["a/b"]


def test_what_cannot_be_published_to_is_refused_each_time() -> None:
    topics = WrittenTopics(Clock(), MOST)
    for _ in range(2):
        with pytest.raises(InvalidMessage):
            topics["a/+"]
    assert not topics


def test_what_is_sent_stays_and_what_is_not_goes_after_two_minutes() -> None:
    clock = Clock()
    topics = WrittenTopics(clock, MOST)
    stays, goes = topics["stays"], topics["goes"]
    for minute in range(1, 6):
        clock.now = 61.0 * minute
        assert topics[f"new/{minute}"] == write_topic(f"new/{minute}")
        assert topics["stays"] is stays
    assert topics["goes"] == goes
    assert topics["goes"] is not goes
    assert set(topics) == {"stays", "new/5", "goes"}


def test_it_does_not_grow_without_bound() -> None:
    topics = WrittenTopics(Clock(), MOST)
    for number in range(100):
        assert topics[f"{number}"] == write_topic(f"{number}")
        assert len(topics) + len(topics._before) <= 2 * MOST
