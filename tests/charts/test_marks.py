"""Names of marks where there is little room for them."""

from pathlib import Path

import msgspec
import pytest

from iotmock.soak.report.html.page import page as page_of
from iotmock.soak.report.measures import Event
from iotmock.soak.report.verdict import judge
from tests.chromium import opened
from tests.service.process import wait_until
from tests.soak.runs import troubled

pytestmark = pytest.mark.long(5)
_TOWARDS_THE_END = [
    Event(t=at, kind="outage", text="worker 0 is connected") for at in (240.0, 250.0, 260.0, 290.0)
]


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    run = msgspec.structs.replace(troubled(), events=_TOWARDS_THE_END)
    file = tmp_path_factory.mktemp("marks") / "report.html"
    file.write_text(page_of(run, judge(run)), encoding="utf-8")
    return file


@pytest.mark.parametrize("scripts", [True, False])
def test_a_mark_without_room_for_its_name_has_its_number(report: Path, *, scripts: bool) -> None:
    with opened(report, scripts=scripts) as shown:
        names = shown.page.locator("#messages .mark text").all_text_contents()
    long = [f"{number} worker 0 is connected" for number in (1, 2, 3)]
    assert names == [*long, "4"]


def test_a_phone_shows_verdicts_without_scrolling(report: Path) -> None:
    with opened(report) as shown:
        page = shown.page
        page.set_viewport_size({"width": 390, "height": 844})
        wait_until(
            lambda: page.locator("#messages svg[role=img]").bounding_box()["width"] < 390,  # type: ignore[index]
            20,
            "a narrow chart",
        )
        assert page.eval_on_selector(
            "#thresholds .scroll", "table => table.scrollWidth <= table.clientWidth"
        )
