"""The table is whole: every number, every test, and the page as it would be written now."""

import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from tests.mqtt.conformance.page import PATH, page
from tests.mqtt.conformance.statements import STANDARDS, Standard

ROOT = Path(__file__).parents[3]
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
    files = sorted({test.partition("::")[0] for test in named})
    listing = [sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "no:randomly", *files]
    made = subprocess.run(listing, cwd=ROOT, capture_output=True, text=True, check=True)
    assert named - {line.partition("[")[0] for line in made.stdout.splitlines()} == set()


def test_the_page_is_what_the_table_says() -> None:
    assert PATH.read_text() == page(), "run make conformance"
