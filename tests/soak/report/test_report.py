"""What is left of a run: the page, the JSON, the cases for a pipeline."""

import re
from html import unescape
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, fromstring

import msgspec
import pytest

from iotmock.charts.svg import LANES
from iotmock.soak.report.html.over_time import LATENCY, PLANS, chart_section, marks
from iotmock.soak.report.html.page import page
from iotmock.soak.report.junit import junit_xml
from iotmock.soak.report.measures import (
    Event,
    Latencies,
    Machine,
    RunResult,
    Sample,
    Totals,
    Worker,
)
from iotmock.soak.report.report import Report, ReportFileError, read_report, report_on, write_report
from iotmock.soak.report.verdict import judge
from iotmock.soak.scenario.alarms import KindThresholds
from iotmock.soak.scenario.expectations import Thresholds
from tests.charts.parsed import Balance, parsed
from tests.soak.runs import result, samples, scenario, totals, troubled


def drawn(run: RunResult) -> tuple[str, Balance]:
    """Return the page of a run, and what its parser found."""
    text = page(run, judge(run))
    return unescape(text), parsed(text)


CHARTS = len(PLANS)


def figures(balance: Balance) -> int:
    return balance.names.count("figure")


def cases(run: RunResult) -> dict[str, Element]:
    root = fromstring(junit_xml(run, judge(run)))
    return {case.get("name", ""): case for case in root.iter("testcase")}


# The values


def test_a_result_survives_json() -> None:
    run = troubled()
    assert msgspec.json.decode(msgspec.json.encode(run), type=RunResult) == run


def test_totals_of_shards_add_up() -> None:
    both = totals(lost=3).plus(totals(lost=4, reconnects=1))
    assert both == totals(
        due=5_800, sent=5_800, acknowledged=5_800, received=5_800, connects=2, lost=7, reconnects=1
    )
    assert totals().plus(Totals()) == totals()


# The files


def test_a_report_is_three_files_and_can_be_read_again(tmp_path: Path) -> None:
    report = report_on(troubled())
    paths = write_report(report, tmp_path / "reports" / "night")
    assert [path.name for path in paths] == ["report.html", "report.json", "junit.xml"]
    assert read_report(paths[1]) == report
    assert read_report(paths[1].parent) == report


def test_no_file_has_a_secret(tmp_path: Path) -> None:
    run = troubled()
    assert run.scenario.broker.password == "secret-of-ours"
    for path in write_report(report_on(run), tmp_path):
        assert "secret-of-ours" not in path.read_text(encoding="utf-8")
    unhidden = Report(judge(run), run)
    assert "secret-of-ours" not in page(unhidden.result, unhidden.verdict)


@pytest.mark.parametrize("content", [b"", b"{}", b"[1]", b"\xff", b'{"verdict": {}, "result": {}}'])
def test_what_is_no_report_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "report.json"
    path.write_bytes(content)
    with pytest.raises(ReportFileError, match=r"report.json: is no report.json of a soak"):
        read_report(path)


# The page


def test_the_page_stands_alone() -> None:
    _, balance = drawn(troubled())
    assert balance.loads == []
    assert figures(balance) == CHARTS
    assert [link for link in balance.links if not link.startswith("#")] == [
        "report.json", "junit.xml",
    ]  # fmt: skip


def test_each_threshold_leads_to_a_place_on_the_page() -> None:
    names = [name for name in Thresholds.__struct_fields__ if name != "kinds"]
    limits: dict[str, Any] = dict.fromkeys(names, 1)
    whole = troubled()
    kinds = [KindThresholds(fault="gap", missed=0.0)]
    asked = Thresholds(**limits, kinds=kinds)
    run = msgspec.structs.replace(
        whole, scenario=msgspec.structs.replace(whole.scenario, thresholds=asked)
    )
    _, balance = drawn(run)
    places = [link.removeprefix("#") for link in balance.links if link.startswith("#")]
    assert len(places) == len(judge(run).judgements) == len(limits) + len(kinds)
    assert set(places) <= set(balance.places)
    assert {"latency", "lateness", "memory", "loss", "messages", "stores", "alarms"} <= set(places)


def test_the_head_says_where_and_against_what_it_ran() -> None:
    machine = Machine(
        host="bench-7", system="Linux 6.1", cpu="EPYC", cores=2, memory_gb=8.1, python="3.11.2"
    )
    run = result(machine=machine, broker_software="mosquitto version 2.0.11")
    text, _ = drawn(run)
    for part in (
        "mosquitto version 2.0.11 at localhost:1883, MQTT 5, QoS 1",
        "100 devices, connections shared, 1 worker",
        "iotmock 1.2.3, Python 3.11.2",
        "bench-7: EPYC, 2 cores, 8.1 GB, Linux 6.1",
    ):
        assert part in text
    assert "broker at localhost:1883" in drawn(result())[0]


def test_the_values_of_each_chart_are_in_a_table_below_it() -> None:
    _, balance = drawn(result())
    assert ["until", "due", "sent", "received"] in balance.rows
    assert ["until", "p50", "p95", "p99", "p99"] not in balance.rows
    at = balance.rows.index(["until", "devices"])
    assert balance.rows[at + 1][1] == "60"  # the last of the first 48th of 300 s, at 10 a second
    assert balance.rows[at + 48] == ["5 min", "100"]


def test_the_verdict_is_on_top_with_its_reasons() -> None:
    text, _ = drawn(troubled())
    assert text.index("✗ failed") < text.index("loss: 0.6897 % (20)") < text.index("<svg")
    assert "exit code 1" in text


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({}, "✓ passed"),
        ({"totals": totals(lost=1)}, "✗ failed"),
        ({"workers": [Worker(number=0, devices=100, state="died")]}, "? invalid"),
        ({"interrupted": True}, "■ interrupted"),
    ],
)
def test_each_verdict_has_a_sign(changes: dict[str, object], says: str) -> None:
    text, _ = drawn(result(**changes))
    assert says in text


def test_events_are_drawn_in_every_chart() -> None:
    text, _ = drawn(troubled())
    marks = len(troubled().events)
    assert text.count('<g class="mark"') == CHARTS * marks
    assert text.count("<title>2: the broker is away</title>") == CHARTS
    assert text.count(">2 the broker is away</text>") == CHARTS


def test_tables_name_what_is_to_be_found() -> None:
    text, _ = drawn(troubled())
    for found in ("soak-hvac-000007", "12-15", "influx", "the broker is away", "pause"):
        assert found in text


def test_nothing_that_was_measured_is_drawn_as_nothing() -> None:
    bare = [msgspec.structs.replace(sample, generator_mb=None) for sample in samples()]
    bare = [msgspec.structs.replace(sample, receiver_mb=None) for sample in bare]
    text, balance = drawn(result(samples=bare))
    assert text.count("not measured") == 1
    assert figures(balance) == CHARTS - 1


def test_a_run_that_ended_at_once_has_a_page() -> None:
    nothing = result(samples=[], latencies=Latencies(), totals=Totals(), interrupted=True)
    text, balance = drawn(nothing)
    assert "■ interrupted" in text
    assert figures(balance) == 0
    links = [link for link in balance.links if link.startswith("#")]
    assert {link.removeprefix("#") for link in links} <= set(balance.places)


def test_a_run_of_one_second_has_charts() -> None:
    _, balance = drawn(result(samples=samples(1), duration_s=1.0))
    assert figures(balance) == CHARTS


def test_a_day_is_drawn_with_few_points_and_its_peak() -> None:
    day = [
        msgspec.structs.replace(sample, latency_p99_ms=7_777.0 if sample.t == 40_000 else 10.0)
        for sample in samples(86_400)
    ]
    text = page(result(samples=day), judge(result(samples=day)))
    assert len(text) < 700_000
    assert max(polyline.count(",") for polyline in re.findall('points="([^"]*)', text)) <= 540
    assert "7777.0" in text
    assert any("7,777" in row for row in parsed(text).rows)


def test_a_gap_is_not_drawn_over() -> None:
    gap = [sample for sample in samples(60) if not 20 <= sample.t < 40]
    curves = [one.curve(gap) for one in LATENCY.measures]
    text = chart_section(LATENCY, curves, 60.0)
    assert text.count("<polyline") == 2 * len(curves)


def test_marks_that_are_close_have_their_names_above_each_other_as_far_as_there_is_room() -> None:
    events = [Event(t=30.0 + at / 10, kind="pause", text=f"number {at}") for at in range(5)]
    curves = [one.curve(samples(300)) for one in LATENCY.measures]
    text = chart_section(LATENCY, curves, 300.0, list(marks(events, 300.0)))
    assert text.count('<g class="mark"') == 5
    named = re.findall(r'<text x="[\d.]+" y="([\d.]+)">\d number', text)
    assert len(named) == len(set(named)) == LANES


def test_a_name_can_not_break_the_page() -> None:
    wicked = scenario(name="<script>&", broker={"username": "</pre><script>"})
    events = [Event(t=1.0, kind="<script>", text="<script>")]
    _, balance = drawn(result(scenario=wicked, events=events, version="<script>"))
    assert balance.names.count("script") == CHARTS + 1


# The pipeline's cases


def test_there_is_a_case_per_threshold() -> None:
    run = troubled()
    found = cases(run)
    titles = [one.title for one in judge(run).judgements]
    assert list(found) == ["the run is whole", *titles]
    failed = {name for name, case in found.items() if case.find("failure") is not None}
    assert failed == {one.title for one in judge(run).judgements if not one.passed}
    suite = fromstring(junit_xml(run, judge(run))).find("testsuite")
    assert suite is not None
    assert (suite.get("tests"), suite.get("failures"), suite.get("errors")) == (
        str(len(found)), str(len(failed)), "0",
    )  # fmt: skip


def test_what_proves_nothing_is_an_error() -> None:
    found = cases(
        result(totals=totals(sent=100), workers=[Worker(number=1, devices=5, state="died")])
    )
    shortfall = found["load not offered"].find("error")
    assert shortfall is not None
    assert "96.55 %" in shortfall.get("message", "")
    whole = found["the run is whole"].find("error")
    assert whole is not None
    assert whole.get("message") == "worker 1 died with 5 devices"


def test_an_interruption_is_an_error() -> None:
    error = cases(result(interrupted=True))["the run is whole"].find("error")
    assert error is not None
    assert error.get("message") == "interrupted"


def test_a_name_that_xml_can_not_say_is_replaced() -> None:
    found = cases(result(scenario=scenario(name="a\x00<b>")))
    assert found["loss"].get("classname") == "soak.a\ufffd<b>"


def test_a_sample_has_no_more_than_it_needs() -> None:
    one = Sample(t=1.0, phase="run", devices=1, due=1.0, sent=1.0, received=1.0)
    assert one.latency_p99_ms is None
