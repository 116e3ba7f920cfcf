"""The table is whole: every assertion, every test, and the page as it would be written now."""

from collections import Counter

from tests.dialects.sparkplug.conformance.page import PATH, SPARKPLUG, page
from tests.mqtt.conformance.test_statements import is_a_test


def test_every_assertion_is_in_one_list_and_in_one_alone() -> None:
    listed = Counter([*SPARKPLUG.ours, *SPARKPLUG.not_ours])
    assert set(SPARKPLUG.numbers) == set(listed)
    assert [name for name, count in listed.items() if count > 1] == []


def test_every_assertion_has_a_test_or_a_reason() -> None:
    assert all(one.about and one.tests for one in SPARKPLUG.ours.values())
    assert all(SPARKPLUG.not_ours.values())


def test_every_test_that_is_named_is_collected() -> None:
    assert {test for test in set(SPARKPLUG.tests) if not is_a_test(test)} == set()


def test_the_page_is_what_the_table_says() -> None:
    assert PATH.read_text() == page(), "run make conformance"
