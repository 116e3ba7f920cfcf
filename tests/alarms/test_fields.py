"""What an alarm looks like, whoever sends it."""

import json
from typing import Any

import pytest

from iotmock.alarms.fields import AlarmError, Fields
from iotmock.alarms.thresholds import Thresholds
from iotmock.ledger.score import Alarm, Score

ALERTMANAGER = Fields("labels.device", "startsAt", "labels.alertname", "alerts")


def alarms(fields: Fields, document: Any) -> list[Alarm]:
    found = []
    for alarm in fields.alarms(json.dumps(document).encode(), 7.0):
        if isinstance(alarm, AlarmError):
            raise alarm
        found.append(alarm)
    return found


def test_one_alarm_or_a_list_of_them() -> None:
    one = {"device_id": "a", "timestamp": "1970-01-01T00:01:00Z"}
    assert alarms(Fields(), one) == [Alarm("a", 60.0, None)]
    named = {**one, "kind": "stuck"}
    assert alarms(Fields(), [one, named]) == [Alarm("a", 60.0, None), Alarm("a", 60.0, "stuck")]


def test_fields_within_fields_of_a_list() -> None:
    labels = {"device": "a", "alertname": "gap"}
    document = {"alerts": [{"labels": labels, "startsAt": "1970-01-01T01:01:00+01:00"}]}
    assert alarms(ALERTMANAGER, document) == [Alarm("a", 60.0, "gap")]


@pytest.mark.parametrize(
    ("time", "seconds"), [(1.75e9, 1.75e9), (1_750_000_000_500, 1_750_000_000.5)]
)
def test_times_may_be_unix_seconds_or_milliseconds(time: float, seconds: float) -> None:
    assert alarms(Fields(), {"device_id": "a", "timestamp": time})[0].time == seconds


def test_without_a_field_of_time_it_is_when_it_came() -> None:
    assert alarms(Fields(time=""), {"device_id": "a"}) == [Alarm("a", 7.0, None)]


@pytest.mark.parametrize(
    ("document", "why"),
    [
        ({}, "device_id must be a device's id"),
        (7, "device_id must be a device's id"),
        ({"device_id": "a"}, "timestamp must be like"),
        ({"device_id": "a", "timestamp": "noon"}, "timestamp must be like"),
        ({"device_id": "a", "timestamp": "2025-01-01T00:00:00"}, "timestamp must be like"),
        ({"device_id": "a", "timestamp": True}, "timestamp must be like"),
        ({"device_id": "a", "timestamp": 1e300}, "timestamp must be like"),
        ({"device_id": "a", "timestamp": -1}, "timestamp must be like"),
        ({"device_id": "a", "timestamp": 10**400}, "timestamp must be like"),
        ({"device_id": "a", "timestamp": -(10**400)}, "timestamp must be like"),
        ({"device_id": "a", "timestamp": "0001-01-01T00:00:00+23:59"}, "timestamp must be like"),
        ({"device_id": "a", "timestamp": 1, "kind": 2}, "kind must be the name of a fault"),
    ],
)
def test_what_is_no_alarm_says_which_field(document: Any, why: str) -> None:
    with pytest.raises(AlarmError, match=why):
        alarms(Fields(), document)


def test_one_of_a_list_that_is_none_takes_no_other_along() -> None:
    document = [{"device_id": "a", "timestamp": 1}, {}, {"device_id": "b", "timestamp": 2}]
    found = list(Fields().alarms(json.dumps(document).encode(), 7.0))
    assert [one for one in found if isinstance(one, Alarm)] == [
        Alarm("a", 1.0, None),
        Alarm("b", 2.0, None),
    ]
    assert len(found) == 3


def test_what_is_nested_too_deeply_is_no_alarm() -> None:
    with pytest.raises(AlarmError, match="nested too deeply"):
        list(Fields().alarms(b"[" * 100_000, 7.0))


def test_thresholds_tell_what_is_missed() -> None:
    total = Score(faults=4, detected=3, right=3, claimed=5, delays_s=[1.0, 2.0, 9.0])
    assert list(Thresholds().misses(total)) == []
    assert list(Thresholds(0.75, 0.6, 9.0, 2).misses(total)) == []
    assert list(Thresholds(0.8, 0.7, 8.0, 1).misses(total)) == [
        "recall: 0.750, at least 0.8 is asked for",
        "precision: 0.600, at least 0.7 is asked for",
        "delay p95: 9.0 s, at most 8 s are allowed",
        "false alarms: 2, at most 1 are allowed",
    ]
    nothing = Score(claimed=0)
    assert "recall: there is none" in next(Thresholds(0.1).misses(nothing))
