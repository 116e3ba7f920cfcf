"""What a process begins with and ends with: the collector lets it be, and works on after it."""

import gc
import subprocess
import sys
from collections.abc import Iterator

import pytest

from iotmock.cli.interrupts import imports
from tests.patience import SLACK

KNOTS = 30_000


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    yield
    gc.unfreeze()


def knot() -> None:
    one: list[object] = []
    one.append(one)


def test_what_is_imported_is_looked_at_no_more_and_the_collector_works_on() -> None:
    thresholds = gc.get_threshold()
    with imports():
        stays = [[number] for number in range(KNOTS)]
    assert gc.get_freeze_count() > len(stays)
    assert (gc.isenabled(), gc.get_threshold()) == (True, thresholds)


def test_what_an_import_throws_away_is_not_kept() -> None:
    before = gc.get_freeze_count()
    with imports():
        gc.freeze()
        of_others = gc.get_freeze_count() - before
        for _ in range(3 * KNOTS):
            knot()
    assert gc.get_freeze_count() - before - of_others < KNOTS


def test_a_process_ends_with_its_code() -> None:
    ends = "from iotmock.uncollected import exit_uncollected; exit_uncollected(3)"
    ended = subprocess.run([sys.executable, "-c", ends], check=False, timeout=30 * SLACK)
    assert ended.returncode == 3
