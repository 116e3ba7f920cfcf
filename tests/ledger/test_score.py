"""A detector's score: what counts as right, and files that are not what they should be."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from iotmock.cli import app
from iotmock.ledger.score import Alarm, ScoreError, Truth, read_alarms, read_truth, score

TRUTH = [
    Truth("a", "stuck", 100.0, 200.0),
    Truth("a", "gap", 150.0, 160.0),
    Truth("b", "stuck", 100.0, 110.0),
]


def test_an_alarm_under_a_fault_is_right_and_a_second_one_adds_no_detection() -> None:
    alarms = [Alarm("a", 110.0, None), Alarm("a", 120.0, None), Alarm("b", 400.0, None)]
    kinds, total = score(TRUTH, alarms, 60.0)
    assert (total.faults, total.detected, total.claimed, total.right) == (3, 1, 3, 2)
    assert (total.precision, total.recall) == (2 / 3, 1 / 3)
    assert total.f1 == pytest.approx(4 / 9)
    assert kinds["stuck"].delay_s(0.5) == 10.0
    assert kinds["stuck"].precision is None
    assert kinds["gap"].recall == 0.0


def test_a_named_kind_must_be_the_right_one() -> None:
    kinds, total = score(TRUTH, [Alarm("a", 155.0, "gap"), Alarm("b", 105.0, "gap")], 0.0)
    assert (kinds["gap"].precision, kinds["gap"].recall, kinds["gap"].f1) == (0.5, 1.0, 2 / 3)
    assert kinds["stuck"].recall == 0.0
    assert total.precision == 0.5


def test_an_alarm_counts_until_the_tolerance_after_the_end() -> None:
    for late, right in [(60.0, 1), (60.1, 0)]:
        assert score(TRUTH[2:], [Alarm("b", 110.0 + late, None)], 60.0)[1].right == right
    assert score(TRUTH[2:], [Alarm("b", 99.9, None)], 60.0)[1].right == 0


def test_without_alarms_nothing_is_precise() -> None:
    total = score(TRUTH, [], 60.0)[1]
    assert (total.precision, total.recall, total.f1) == (None, 0.0, None)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "must have the columns device_id and timestamp"),
        ("device_id,when\na,1\n", "must have the columns device_id and timestamp"),
        ("device_id,timestamp\na,noon\n", "line 2: timestamp 'noon' must be like"),
        ("device_id,timestamp\na\n", "line 2: timestamp None must be like"),
    ],
)
def test_alarms_that_are_none_name_the_line(tmp_path: Path, text: str, why: str) -> None:
    (tmp_path / "alarms.csv").write_text(text)
    with pytest.raises(ScoreError, match=why):
        list(read_alarms(tmp_path / "alarms.csv"))


def test_a_byte_order_mark_is_no_part_of_the_first_column(tmp_path: Path) -> None:
    text = "\ufeffdevice_id,timestamp\na,2025-08-09T16:30:00Z\n"
    (tmp_path / "alarms.csv").write_text(text, encoding="utf-8")
    assert [alarm.device_id for alarm in read_alarms(tmp_path / "alarms.csv")] == ["a"]


def test_a_truth_that_is_none_names_the_line(tmp_path: Path) -> None:
    (tmp_path / "faults.jsonl").write_text('{"fault_id": 7}\n')
    with pytest.raises(ScoreError, match=r"line 1: not as `iotmock faults export` writes it"):
        list(read_truth(tmp_path / "faults.jsonl"))


def test_the_command_prints_a_table_or_json(tmp_path: Path) -> None:
    truth, alarms = tmp_path / "truth.jsonl", tmp_path / "alarms.csv"
    truth.write_text("")
    alarms.write_text("device_id,timestamp\na,2025-01-01T00:00:00Z\n")
    score_them = ["faults", "score", "--truth", str(truth), "--alarms", str(alarms)]
    table = CliRunner().invoke(app, score_them)
    assert table.stdout.split()[-9:] == ["0", "0", "0", "1", "0.000", "-", "-", "-", "-"]
    said = json.loads(CliRunner().invoke(app, [*score_them, "--json"]).stdout)
    assert said["faults"] == {}
    assert (said["all"]["faults"], said["all"]["precision"], said["all"]["recall"]) == (0, 0, None)
