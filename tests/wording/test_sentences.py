"""Whatever is wrong is said in words for people: the place, the value, what it must be."""

from typing import Any

import msgspec
import pytest

from iotmock.actors.routers.command_router import InvalidRequestError, read_request
from iotmock.model.commands import COMMON_COMMANDS, Rejected, parse_command
from iotmock.model.faults.request import InvalidFaultError, parse_fault
from iotmock.rest.intake.fields import fill, read_json, read_text
from iotmock.rest.listing.query import DeviceQuery
from iotmock.rest.requests import NewDevice
from iotmock.wording.faults import InvalidValueError, decode

PYTHONS = ("`", "Expected", "Object", "Invalid", "dict", "NoneType", "bool", "$")
"""What msgspec or Python would say, and nobody else."""

COMMANDS = [
    ("set_power", {}, "parameters of set_power: power: is required"),
    ("set_power", {"power": "x"}, "power: must be a number from 0.001 to 10,000 kW, not 'x'"),
    ("set_power", {"power": 0}, "power: must be a number from 0.001 to 10,000 kW, not 0"),
    ("set_power", {"power": True}, "power: must be a number from 0.001 to 10,000 kW, not true"),
    ("set_power", {"power": 10**400}, "power: must be a number from 0.001 to 10,000 kW, not 1000"),
    ("set_power", {"powr": 1}, "powr: can not be given here; known are power; did you mean power?"),
    ("set_power", {"power": 1, "a\nb": 1}, "a\\nb: can not be given here; known are power"),
    ("set_voltage", {"voltage": 5}, "voltage: must be a number from 100 to 1,000 V, not 5"),
    ("set_enabled", {"enabled": 1}, "enabled: must be true or false, not 1"),
    ("set_interval", {"interval": [1]}, "a number from 0.1 to 86,400 s, not a list"),
    ("reset_energy", {"a": 1}, "a: can not be given here; nothing can be given"),
    ("inject_fault", {"fault": None}, "fault: must be a text, not null"),
    ("inject_fault", {"fault": "a", "duration": 0}, "duration: must be a number above 0 s, not 0"),
    ("inject_fault", {"fault": "a", "fault_id": "ä"}, "must be 1 to 64 of A-Z a-z 0-9 _"),
    ("inject_fault", {"fault": "a", "parameters": 3}, "parameters: must be an object, not 3"),
    ("fly", {}, "unknown command 'fly'; known are"),
]  # fmt: skip
FAULTS = [
    ("stuck", {"what": "who"}, "what: must be all or power, not 'who'"),
    ("spike", {"factor": -1}, "factor: must be a number above 0 and up to 1,000,000, not -1"),
    ("fan_failure", {"failed": 1.5}, "failed: must be a whole number from 1 to 7, not 1.5"),
    ("fan_failure", {"failed": 6}, "failed must be less than fans"),
    ("flapping", {"down_share": 1}, "down_share: must be a number above 0 and below 1, not 1"),
    ("clock_skew", {"seconds": "1 h"}, "a number from -1,000,000 to 1,000,000 s, not '1 h'"),
]  # fmt: skip
PAYLOADS = [
    (b"{", "not JSON"), (b"[]", "not a JSON object"), (b"{}", "command: is required"),
    (b'{"command": 3}', "command: must be a text, not 3"),
    (b'{"command": "a", "parameters": []}', "parameters: must be an object, not an empty list"),
    (b'{"command": "a", "params": {}}', "params: can not be given here; known are"),
    (b'{"command": "a", "parameters": {"power": 1e400}}', "the number '1e400' is out of range"),
    (b'{"command": "\\ud800"}', "not JSON: \\ud800 is half of a character"),
    (b'{"command": "a", "parameters": %s}' % (b"[" * 64), "nested more than 64 deep"),
    (b'{"command": "a", "id": 3}', "id must be a text of up to 64 characters"),
]  # fmt: skip
BODIES = [
    (b'{"name": ""}', "name", "must be a text of 1 to 100 characters, not ''"),
    (b'{"name": "%s"}' % (b"x" * 101), "name", "(101 characters)"),
    (b'{"name": {"a": 1}}', "name", "must be a text of 1 to 100 characters, not an object"),
    (b'{"name": null}', "name", "not null"),
    (b'{"name": "n"}', "device_type", "is required"),
    (b'{"base_power": "x"}', "base_power", "must be a number from 0.001 to 10,000 kW, not 'x'"),
    (b'{"base_power": 1e999}', "base_power", "10,000 kW, not '1e999'"),
    (b'{"device_id": "a b"}', "device_id", "must be 1 to 64 of A-Z a-z 0-9 _ . -, not 'a b'"),
    (b'{"interval": false}', "interval", "must be a number from 0.1 to 86,400 s, not false"),
    (b'{"name": [{"a": 1e400}]}', "name", "must be a text of 1 to 100 characters, not '[{"),
    (b'{"nam": "n"}', "nam", "did you mean name?"),
]  # fmt: skip
QUERIES = [
    ({"limit": "x"}, "limit: must be a whole number from 1 to 1,000, not 'x'"),
    ({"limit": "1001"}, "limit: must be a whole number from 1 to 1,000, not '1001'"),
    ({"status": "on"}, "status: must be error, offline or online, not 'on'"),
    ({"statu": "on"}, "statu: can not be given here; known are"),
]


def hold(said: str, sentence: str) -> None:
    assert sentence in said
    assert not any(word in said for word in PYTHONS)


@pytest.mark.parametrize(("name", "parameters", "sentence"), COMMANDS)
def test_of_a_command(name: str, parameters: dict[str, Any], sentence: str) -> None:
    known = {command.name: command for command in COMMON_COMMANDS}
    outcome = parse_command(known, name, parameters)
    assert isinstance(outcome, Rejected)
    hold(outcome.reason, sentence)


@pytest.mark.parametrize(("name", "parameters", "sentence"), FAULTS)
def test_of_a_fault(name: str, parameters: dict[str, Any], sentence: str) -> None:
    with pytest.raises(InvalidFaultError) as caught:
        parse_fault(name, parameters)
    hold(str(caught.value), sentence)


@pytest.mark.parametrize(("payload", "sentence"), PAYLOADS)
def test_of_a_payload(payload: bytes, sentence: str) -> None:
    with pytest.raises(InvalidRequestError) as caught:
        read_request(payload)
    hold(str(caught.value), sentence)


@pytest.mark.parametrize(("body", "field", "sentence"), BODIES)
def test_of_a_body(body: bytes, field: str, sentence: str) -> None:
    faults = fill(NewDevice, msgspec.json.decode(body, type=dict[str, msgspec.Raw]), read_json)[1]
    said = {fault.field: fault.message for fault in faults}
    hold(said[field], sentence)


@pytest.mark.parametrize(("texts", "sentence"), QUERIES)
def test_of_a_query(texts: dict[str, str], sentence: str) -> None:
    (fault,) = fill(DeviceQuery, texts, read_text)[1]
    hold(f"{fault.field}: {fault.message}", sentence)


@pytest.mark.parametrize(
    "payload",
    [
        {"command": "a", "parameters": {}} | {f"x{number}": 1 for number in range(5_000)},
        {"command": "set_power", "parameters": {f"powe{number}": 1 for number in range(5_000)}},
    ],
)
def test_what_is_nothing_but_faults_is_not_answered_with_a_multiple(payload: Any) -> None:
    known = {command.name: command for command in COMMON_COMMANDS}
    try:
        request = read_request(msgspec.json.encode(payload))
    except InvalidRequestError as error:
        said = str(error)
    else:
        outcome = parse_command(known, request.command, request.parameters)
        assert isinstance(outcome, Rejected)
        said = outcome.reason
    assert 19 <= said.count("can not be given here") <= 20
    assert len(said) < 2_000


def test_everything_is_said_at_once_with_its_place() -> None:
    with pytest.raises(InvalidValueError) as caught:
        decode(
            b'{"a": [{"limit": 0}, {"offset": "x", "sport": 1}], "b": 2}',
            dict[str, list[DeviceQuery]],
        )
    assert [fault.path for fault in caught.value.faults] == [
        "a[0].limit", "a[1].sport", "a[1].offset", "b",
    ]  # fmt: skip
