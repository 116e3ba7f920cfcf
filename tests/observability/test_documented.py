"""What dashboard and rules look at stands in docs/reference/metrics.md."""

import re
from collections.abc import Iterator

import pytest

from tests.observability.dashboards import promql
from tests.observability.test_alerts import RULES
from tests.repository import ROOT

PAGE = (ROOT / "docs/reference/metrics.md").read_text()
_OF_A_HISTOGRAM = re.compile(r"_(?:bucket|sum|count)$")
USED = sorted(
    {
        _OF_A_HISTOGRAM.sub("", name)
        for text in (RULES.partition("groups:")[2], *(one[1] for one in promql()))
        for name in re.findall(r"\b(?:iotmock|process)_\w+", text)
    }
)


def documented() -> Iterator[str]:
    """Yield the names of the table; `…_total` goes on where the name before it begins."""
    for row in re.findall(r"^\| (`.*?) \|", PAGE, re.MULTILINE):
        whole = ""
        for name in re.findall(r"`([^`]+)`", row):
            if not name.startswith("…"):
                whole = name
                yield name
            else:
                tail = name.removeprefix("…")
                yield from (whole[:at] + tail for at in range(len(whole)) if whole[at] == "_")


@pytest.mark.parametrize("name", [name for name in USED if name.startswith("iotmock_")])
def test_a_metric_that_is_used_is_in_the_table(name: str) -> None:
    assert name in set(documented())


def test_a_metric_of_another_name_is_not() -> None:
    assert len(USED) > 30
    assert "iotmock_messages_lost_total" not in set(documented())
