"""The table is whole: every number, every test, and the page as it would be written now."""

from collections import Counter
from importlib import import_module

import pytest

from tests.mqtt.conformance.page import PATH, page
from tests.mqtt.conformance.statements import STANDARDS, Standard

both_standards = pytest.mark.parametrize("standard", STANDARDS, ids=lambda one: one.title)


@both_standards
def test_every_number_is_in_one_list_and_in_one_alone(standard: Standard) -> None:
    listed = Counter([*standard.ours, *standard.not_ours])
    assert set(standard.numbers) - set(listed) == set()
    assert set(listed) - set(standard.numbers) == set()
    assert [number for number, count in listed.items() if count > 1] == []


@both_standards
def test_every_statement_has_a_test_or_a_reason(standard: Standard) -> None:
    assert all(one.about and one.tests for one in standard.ours.values())
    assert all(standard.not_ours.values())


def test_every_test_that_is_named_is_collected() -> None:
    named = {test for standard in STANDARDS for test in standard.tests}
    assert {test for test in named if not is_a_test(test)} == set()


def is_a_test(node: str) -> bool:
    """Say whether pytest collects a function of this name, in a module that it can import."""
    file, _, name = node.partition("::")
    module = import_module(file.removesuffix(".py").replace("/", "."))
    return name.startswith("test_") and callable(getattr(module, name, None))


def test_the_page_is_what_the_table_says() -> None:
    assert PATH.read_text() == page(), "run make conformance"
