"""What a client may ask for, and what is refused with the reason."""

from typing import Any

import pytest

from iotmock.model.commands import Applied, ClearFault, InjectFault, Rejected, parse_command
from iotmock.model.device import Device
from iotmock.model.faults.request import FaultRequest, InvalidFaultError
from iotmock.model.operations.command import handle
from tests.model.fleet import MONDAY, device

WRONG: list[tuple[dict[str, Any], str, str]] = [
    ({"fault": "stick"}, "fault", "unknown 'stick'; known are stuck,"),
    ({"fault": "jam"}, "fault", "jam befalls industrial, not hvac"),
    ({"fault": "stuck", "parameters": {"what": "energy"}}, "parameters", "energy"),
    ({"fault": "stuck", "parameters": {"who": "power"}}, "parameters", "who: can not be given"),
    ({"fault": "spike", "parameters": {"factor": 2, "register": "voltage"}}, "parameters", "one"),
    ({"fault": "fan_failure", "parameters": {"failed": 6}}, "parameters", "less than fans"),
    (
        {"fault": "gap", "parameters": {"probability": 1}},
        "parameters",
        "can not be given",
    ),
    ({"fault": "gap", "duration": 0.0}, "duration", "more than 0"),
    ({"fault": "gap", "duration": float("nan")}, "duration", "more than 0"),
    ({"fault": "spike", "duration": 5.0}, "duration", "one message long"),
    ({"fault": "gap", "start": "yesterday"}, "start", "2025-08-09T16:30:00Z"),
    ({"fault": "gap", "start": "2025-07-07T10:00:00"}, "start", "time zone"),
    ({"fault": "gap", "start": "2025-07-06T10:00:00Z"}, "start", "in the past"),
    ({"fault": "gap", "start": "9999-12-31T23:59:59-23:00"}, "start", "before the year 10000"),
    (
        {"fault": "gap", "start": "9999-12-31T00:00:00Z", "duration": 1e8},
        "duration",
        "must end before the year 10000",
    ),
]


@pytest.mark.parametrize(("content", "field", "message"), WRONG)
def test_a_wrong_request_says_why(content: dict[str, Any], field: str, message: str) -> None:
    request = FaultRequest(**content)
    with pytest.raises(InvalidFaultError) as caught:
        request.injection(device("hvac").spec, MONDAY, "f")
    assert caught.value.field == field
    assert message in caught.value.message


@pytest.mark.parametrize(("content", "field", "message"), WRONG)
def test_the_command_is_rejected_with_the_same_reason(
    content: dict[str, Any], field: str, message: str
) -> None:
    under_test = device("hvac")
    command = parse_command(under_test.kind.commands, "inject_fault", content)
    outcome = command if isinstance(command, Rejected) else handle(under_test, command, MONDAY)
    assert isinstance(outcome, Rejected)
    assert field in outcome.reason
    assert under_test.faults is None


def shown(under_test: Device) -> str:
    return under_test.status


def test_a_fault_begins_and_ends_by_command() -> None:
    under_test = device("hvac")
    inject = InjectFault(fault="trip", fault_id="mine")
    assert handle(under_test, inject, MONDAY) == Applied()
    assert shown(under_test) == "error"
    assert handle(under_test, inject, MONDAY) == Rejected("fault_id: mine is taken")
    other = Rejected("fault_id: this device has no fault 'other'")
    assert handle(under_test, ClearFault(fault_id="other"), MONDAY) == other
    assert handle(under_test, ClearFault(), MONDAY) == Applied()
    assert shown(under_test) == "online"


def test_a_fault_of_a_location_is_no_matter_of_one_device() -> None:
    outcome = handle(device("hvac"), InjectFault(fault="gateway_outage"), MONDAY)
    assert isinstance(outcome, Rejected)
    assert "POST /api/v1/faults" in outcome.reason


def test_a_fault_waits_for_its_start() -> None:
    under_test = device("hvac")
    handle(under_test, InjectFault(fault="trip", start="2025-07-07T00:10:00Z"), MONDAY)
    under_test.tick(MONDAY + 595.0, 595.0)
    assert shown(under_test) == "online"
    under_test.tick(MONDAY + 600.0, 5.0)
    assert shown(under_test) == "error"


@pytest.mark.parametrize("first_s", [600.0, 1.0, 599.0])
@pytest.mark.parametrize("start", [None, "2025-07-07T00:00:00Z"])
def test_an_hour_takes_as_many_ticks_as_it_has(first_s: float, start: str | None) -> None:
    under_test = device("hvac")
    outage = InjectFault(fault="outage", start=start, duration=3600.0)
    assert handle(under_test, outage, MONDAY) == Applied()
    dark = 0
    for number in range(9):
        under_test.tick(MONDAY + first_s + 600.0 * number, 600.0)
        dark += under_test.status == "offline"
    assert dark == 6 - (start is not None and first_s == 600.0)
