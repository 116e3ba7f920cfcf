"""report.html of a real run, as a browser shows it."""

import platform
from pathlib import Path

from tests.chromium import artefacts, opened
from tests.mosquitto import running_mosquitto
from tests.soak.scenarios import scenario, soaking

CHARTS = ("Messages a second", "Latency, due to received, ms", "Backlog", "Loss", "Memory, MB")
PHASE = "[[phase]]\nkind = 'pause'\nat = 2\nduration = 1\n"
DRAWN = """charts => charts.map(chart => ({
    lines: [...chart.querySelectorAll('path, polyline')].filter(line =>
        line.getTotalLength() > 10 && line.getBoundingClientRect().width > 10).length,
    width: chart.getBoundingClientRect().width,
    height: chart.getBoundingClientRect().height,
}))"""


def test_a_browser_shows_the_report(tmp_path: Path) -> None:
    with (
        running_mosquitto(tmp_path) as broker,
        soaking(tmp_path, scenario(broker.port, 100, 5, more=PHASE)) as soak,
    ):
        assert soak.wait() == 0, soak.said
    with opened(soak.latest / "report.html") as shown:
        page = shown.page
        text = page.inner_text("body")
        assert text.index("passed") < text.index("Thresholds") < text.index("Messages a second")
        for title in CHARTS:
            assert title in text
        assert "mosquitto version 2.0" in text
        assert f"at 127.0.0.1:{broker.port}, MQTT 5, QoS 1" in text
        assert f"{platform.node()}: " in text
        assert page.locator("#latency .mark text").first.text_content() == "1 pause"
        drawn = page.eval_on_selector_all("svg[role=img]", DRAWN)
        assert len(drawn) >= len(CHARTS)
        for chart in drawn:
            assert chart["lines"] >= 1, drawn
            assert chart["width"] > 500
            assert chart["height"] > 100
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        page.screenshot(path=artefacts(tmp_path) / "soak-report.png", full_page=True)
    assert shown.complaints == []
