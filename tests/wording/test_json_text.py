"""How deep a text is and what is in it is seen as a reader of JSON would see it."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iotmock.wording.json_text import DEEPEST, half_pair, is_too_deep, number_beyond

VALUES = st.recursive(
    st.none() | st.text("[]{}\\\"x", max_size=90), lambda some: st.lists(some, max_size=3)
)  # fmt: skip


def depth_of(value: object) -> int:
    return 1 + max(map(depth_of, value), default=0) if isinstance(value, list) else 0


@given(VALUES, st.integers(DEEPEST - 5, DEEPEST + 2))
def test_depth_is_that_of_the_value_whatever_its_texts_have(value: object, more: int) -> None:
    deep = value
    for _ in range(more):
        deep = [deep]
    assert is_too_deep(json.dumps(deep).encode()) == (depth_of(deep) > DEEPEST)


@pytest.mark.parametrize("part", [b'"', b'\\"', b'"\\', b'["', b"[]", b"]"])
def test_no_text_takes_long(part: bytes) -> None:
    text = b"[" * DEEPEST + part * 500_000
    assert is_too_deep(text) == (part in {b'["', b"[]"})
    assert number_beyond(text) is None
    assert half_pair(text) is None


def test_a_number_in_a_text_is_none() -> None:
    assert number_beyond(b'{"a1e999": "1e400", "b": [1e308, -1e309]}') == "-1e309"
    assert number_beyond(b"1" + b"0" * 400 + b".5") is not None
    assert number_beyond(b"[1e-400, 1-2]") is None
