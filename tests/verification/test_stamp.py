"""The stamp: what is written is read, in both places, and what was changed is seen."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from iotmock.verification.stamp import (
    LONGEST,
    NamedNumbering,
    Numbering,
    Stamp,
    Stamper,
    StampError,
    is_intact,
    read_stamp,
    split_field,
)

NOON = 1_754_913_600.0
READING = b'{"device_id":"a","power":1.5}'


def written(stamp: Stamp, payload: bytes = READING) -> bytes:
    stamper = Stamper("run1")
    stamper.begin(NOON + 0.25)
    return stamper.text(stamp, payload)


def test_a_stamp_is_read_as_it_was_written() -> None:
    stamped = read_stamp(written(Stamp(7, NOON, "stuck")))
    assert stamped[:4] == (b"run1", 1_754_913_600_250_000, 1_754_913_600_000_000, 7)
    assert stamped.mark == b"stuck"


def test_a_batch_has_one_moment_of_sending_and_each_message_its_own_due() -> None:
    stamper = Stamper("r")
    stamper.begin(NOON)
    texts = [stamper.text(Stamp(number, NOON - number), READING) for number in (1, 2)]
    stamper.begin(NOON + 1)
    texts.append(stamper.text(Stamp(3, NOON - 2), READING))
    stamps = [read_stamp(text) for text in texts]
    assert [s.due_us / 1e6 - NOON for s in stamps] == [-1, -2, -2]
    assert [s.sent_us / 1e6 - NOON for s in stamps] == [0, 0, 1]


def test_numbers_begin_at_1_for_each_device_and_have_no_gap() -> None:
    numbering = Numbering()
    numbers = [numbering.stamp(name, NOON).number for name in ("a", "b", "a", "a", "b")]
    assert numbers == [1, 1, 2, 3, 2]
    assert numbering.counts == {"a": 3, "b": 2}


@given(st.binary(max_size=60), st.binary(max_size=60))
def test_a_changed_payload_is_seen(sent: bytes, came: bytes) -> None:
    stamped = read_stamp(written(Stamp(1, NOON), sent))
    assert is_intact(stamped, came) == (sent == came)


def test_a_changed_number_is_seen() -> None:
    stamped = read_stamp(written(Stamp(1, NOON)))
    assert not is_intact(stamped._replace(number=2), READING)


def test_the_field_is_the_last_of_the_json() -> None:
    payload = Stamper("r").with_field(Stamp(1, NOON), READING)
    text, before = split_field(payload) or (b"", b"")
    assert payload == b'{"device_id":"a","power":1.5,"stamp":"%s"}' % text
    assert before == READING.removesuffix(b"}")
    assert is_intact(read_stamp(text), before)


@pytest.mark.parametrize("broken", [b"", b'{"device_id":"a","pow', b"\xff\x00"])
def test_what_is_broken_on_purpose_is_stamped_too(broken: bytes) -> None:
    text, before = split_field(Stamper("r").with_field(Stamp(1, NOON, "cut"), broken)) or (b"", b"")
    assert (read_stamp(text).mark, before) == (b"cut", broken)


@pytest.mark.parametrize("payload", [READING, b"", b',"stamp":"', b'{"a":1,"stamp":"x"'])
def test_a_payload_without_a_stamp_has_none(payload: bytes) -> None:
    assert split_field(payload) is None


@given(st.binary(max_size=80))
def test_what_is_no_stamp_is_an_error_and_nothing_else(text: bytes) -> None:
    assume(text.count(b";") != 5)
    with pytest.raises(StampError, match="is no stamp"):
        read_stamp(text)


def test_a_stamp_says_the_device_where_topics_do_not_and_its_mark_stays_what_it_was() -> None:
    numbering = NamedNumbering()
    stamps = [numbering.stamp("a.1", NOON), numbering.stamp("a.1", NOON, "fault")]
    found = [read_stamp(written(stamp)) for stamp in stamps]
    assert [(one.number, one.mark, one.device) for one in found] == [
        (1, b"", b"a.1"),
        (2, b"fault", b"a.1"),
    ]
    assert (numbering.counts, numbering.marked) == ({"a.1": 2}, {"a.1": 1})
    assert read_stamp(written(Stamp(1, NOON))).device == b""


def test_no_stamp_with_a_device_is_longer_than_it_may_be() -> None:
    stamper = Stamper("r" * 40)
    stamper.begin(NOON)
    stamp = NamedNumbering().stamp("d" * 64, NOON, "m" * 16)
    assert len(stamper.text(Stamp(2**63, NOON, stamp.mark), READING)) <= LONGEST
