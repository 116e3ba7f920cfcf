"""A page with charts that has no script of its own to help it, and one that somebody added to."""

import re
from pathlib import Path

import pytest

from iotmock.soak.report.html.page import page as page_of
from iotmock.soak.report.verdict import judge
from tests.charts.parsed import parsed
from tests.chromium import opened
from tests.soak.runs import result, troubled

_TAKES = "document.title = 'taken'"
_ADDED = f'<script>{_TAKES}</script><img src="data:," onerror="{_TAKES}">'

pytestmark = pytest.mark.long(5)


def test_without_scripts_the_page_has_charts_and_tables(tmp_path: Path) -> None:
    file = tmp_path / "report.html"
    run = result()
    file.write_text(page_of(run, judge(run)), encoding="utf-8")
    with opened(file, scripts=False) as bare:
        assert bare.page.locator("#messages polyline").count() >= 3
        bare.page.locator("#messages summary").click()
        rows = bare.page.locator("#messages tbody tr")
        assert rows.count() == 48
        assert rows.last.inner_text().startswith("5 min")
        assert bare.page.locator(".hint").is_hidden()
    assert bare.complaints == []


def test_only_the_script_of_the_page_runs(tmp_path: Path) -> None:
    text = page_of(troubled(), judge(troubled()))
    assert "unsafe" not in parsed(text).policy
    file = tmp_path / "report.html"
    file.write_text(text.replace("</main>", f"{_ADDED}</main>"), encoding="utf-8")
    with opened(file) as wicked:
        assert wicked.page.title() == "small: failed"
        assert wicked.page.locator("html.live").count() == 1
    assert len([one for one in wicked.complaints if re.search("Content Security Policy", one)]) >= 2
