"""Each fault alone and together: what it does to messages, and that the truth goes on beneath."""

from itertools import pairwise
from typing import Any

import msgspec
import pytest

from iotmock.model.device import Device
from iotmock.model.faults.active import Faults
from iotmock.model.faults.fault import FaultKind, Injection
from iotmock.model.faults.memory import check_memory
from iotmock.model.faults.notes import Affected, Closed
from iotmock.model.faults.request import parse_fault
from iotmock.model.faults.types import FAULT_TYPES
from iotmock.model.operations.faults import inject, resume, send, shown
from iotmock.model.spec import InvalidFieldError
from tests.model.fleet import MONDAY, device

STEP_S = 5.0
BEGIN = MONDAY + 10 * 3600.0
OF_TYPE = {"short_cycling": "hvac", "fan_failure": "server", "jam": "industrial"}
QUIET = ("lost_result", "late_result")


class Life:
    """A device that is ticked, and all that it sends: (time, decoded or None)."""

    def __init__(self, device_type: str = "hvac", **how: Any) -> None:
        self.device = device(device_type, **how)
        self.now = BEGIN - 600.0
        self.sent: list[tuple[float, Any]] = []
        self.notes: list[Any] = []
        self.advance(600.0)

    def advance(self, seconds: float) -> list[tuple[float, Any]]:
        before = len(self.sent)
        for _ in range(round(seconds / STEP_S)):
            self.now += STEP_S
            self.device.tick(self.now, STEP_S)
            self.sent += [(self.now, decoded(payload)) for payload in self._payloads()]
        return self.sent[before:]

    def _payloads(self) -> list[bytes]:
        faults = self.device.faults
        if faults is None:
            return [msgspec.json.encode(self.device.reading(self.now))]
        said = list(send(self.device, faults, self.now, msgspec.json.encode))
        payloads = [one for one in said if isinstance(one, bytes)]
        self.notes += faults.drain()
        return payloads

    def inject(self, name: str, lasts_s: float | None = None, /, **parameters: Any) -> Injection:
        end = None if lasts_s is None else self.now + lasts_s
        fault_id = f"{name}-{len(self.notes)}"
        fault = parse_fault(name, parameters)
        injection = Injection(fault_id, "under-test", fault, self.now, end)
        inject(self.device, injection, self.now)
        return injection

    def shown(self) -> Any:
        return shown(self.device, self.now)

    def true(self) -> Any:
        return self.device.reading(self.now)

    def touched(self, injection: Injection) -> list[Affected]:
        notes = (note for note in self.notes if isinstance(note, Affected))
        return [note for note in notes if note.fault_id == injection.fault_id]


def decoded(payload: bytes) -> Any:
    try:
        return msgspec.json.decode(payload.decode())
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None


def life_with(name: str, **parameters: Any) -> tuple[Life, Injection]:
    life = Life(OF_TYPE.get(name, "hvac"))
    momentary = FAULT_TYPES[name].momentary
    return life, life.inject(name, None if momentary else 300.0, **parameters)


UNTRUE = [name for name, kind in FAULT_TYPES.items() if kind.kind is not FaultKind.DEVICE]


@pytest.mark.parametrize("name", UNTRUE)
def test_the_truth_goes_on_beneath_meter_and_link(name: str) -> None:
    life, twin = life_with(name)[0], Life()
    life.advance(600.0)
    twin.advance(600.0)
    assert life.true() == twin.true()
    assert life.device.meter.energy_kwh == twin.device.meter.energy_kwh


@pytest.mark.parametrize("name", FAULT_TYPES)
def test_true_energy_is_the_integral_of_true_power(name: str) -> None:
    life, _ = life_with(name)
    before, integral = life.device.meter.energy_kwh, 0.0
    for _ in range(100):
        life.advance(STEP_S)
        integral += life.device.meter.power_kw * STEP_S / 3600.0
    assert life.device.meter.energy_kwh == pytest.approx(before + integral, rel=1e-12)


@pytest.mark.parametrize("name", FAULT_TYPES)
def test_it_ends_when_it_should(name: str) -> None:
    life, injection = life_with(name)
    life.advance(300.0)
    after = life.advance(300.0)
    own = [content for time, content in after if time > BEGIN + 310.0]
    assert [note for note in life.notes if isinstance(note, Closed)]
    assert life.device.faults is not None
    assert life.device.faults.idle
    assert life.device.status == "online"
    assert len(own) == len({content["timestamp"] for content in own}) > 50
    last = max((note.time for note in life.touched(injection)), default=0.0)
    assert last < BEGIN + 300.0
    assert life.shown() == life.true()


@pytest.mark.parametrize("name", [name for name in FAULT_TYPES if name not in QUIET])
def test_it_is_seen_and_on_record(name: str) -> None:
    seen: dict[str, dict[str, Any]] = {
        "rollover": {"register_kwh": 0.5},
        "clock_drift": {"ppm": 1e5},
        "dropout": {"probability": 0.5},
        "flapping": {"period_s": 60},
    }
    life, injection = life_with(name, **seen.get(name, {}))
    life.advance(300.0)
    assert life.touched(injection)


def test_stuck_power_stays_while_energy_moves() -> None:
    life, _ = life_with("stuck")
    stuck = life.shown().power
    sent = [content for _, content in life.advance(280.0)]
    assert {content["power"] for content in sent} == {stuck}
    assert len({content["voltage"] for content in sent}) > 5
    assert sent[-1]["energy"] > sent[0]["energy"]


def test_all_values_stay_when_all_are_stuck() -> None:
    life, _ = life_with("stuck", what="all")
    sent = [content for _, content in life.advance(280.0)]
    fields = ("power", "voltage", "current", "energy")
    assert len({tuple(content[name] for name in fields) for content in sent}) == 1
    assert len({content["timestamp"] for content in sent}) == len(sent)


def test_a_false_zero_has_current() -> None:
    life, _ = life_with("false_zero")
    sent = [content for _, content in life.advance(100.0)]
    assert {content["power"] for content in sent} == {0.0}
    assert min(content["current"] for content in sent) > 0.0


@pytest.mark.parametrize(
    ("parameters", "wanted"),
    [
        ({}, lambda true: true.power * 10.0),
        ({"factor": 1000.0}, lambda true: true.power * 1000.0),
        ({"register": "voltage"}, lambda true: true.voltage),
    ],
)
def test_a_spike_is_one_sample(parameters: dict[str, Any], wanted: Any) -> None:
    life = Life()
    life.inject("spike", **parameters)
    spike = life.advance(STEP_S)[0][1]
    assert spike["power"] == pytest.approx(wanted(life.true()))
    assert life.advance(STEP_S)[0][1]["power"] == life.true().power


@pytest.mark.parametrize(
    ("name", "parameters", "behind"),
    [
        ("counter_reset", {}, lambda life: life.device.meter.energy_kwh),
        ("counter_rollback", {"lost_kwh": 0.25}, lambda _: 0.25),
    ],
)
def test_a_counter_falls_back_and_goes_on_from_there(
    name: str, parameters: dict[str, Any], behind: Any
) -> None:
    life = Life()
    gap = behind(life)
    life.inject(name, 300.0, **parameters)
    sent = life.advance(200.0)
    assert sent[-1][1]["energy"] == pytest.approx(life.true().energy - gap, abs=0.0011)
    assert sent[0][1]["energy"] < life.sent[-len(sent) - 1][1]["energy"]


def test_a_counter_wraps_at_its_registers_end() -> None:
    life = Life()
    life.inject("rollover", 3600.0, register_kwh=3.0)
    energies = [content["energy"] for _, content in life.advance(3595.0)]
    assert max(energies) < 3.0 < life.true().energy
    assert any(later < earlier for earlier, later in pairwise(energies))


def test_drift_grows_and_energy_is_its_integral() -> None:
    life = Life()
    life.inject("drift", 3600.0, percent_per_day=2400.0)
    begun = life.true().energy
    sent = [content for _, content in life.advance(3595.0)]
    ratio = sent[-1]["power"] / life.true().power
    assert ratio == pytest.approx(2.0, rel=0.01)
    integral = sum(content["power"] for content in sent) * STEP_S / 3600.0
    assert sent[-1]["energy"] - begun == pytest.approx(integral, rel=0.01)


def test_a_skewed_clock_shifts_timestamps_only() -> None:
    life = Life()
    life.inject("clock_skew", 300.0, seconds=-3600.0)
    content = life.advance(STEP_S)[0][1]
    assert content["timestamp"] == "2025-07-07T09:00:05Z"
    assert content | {"timestamp": ""} == msgspec.to_builtins(life.true()) | {"timestamp": ""}


def test_a_tripped_device_draws_nothing_and_says_error() -> None:
    life, _ = life_with("trip")
    contents = [content for _, content in life.advance(100.0)]
    assert {content["power"] for content in contents} == {0.0}
    assert {content["current"] for content in contents} == {0.0}
    assert {content["status"] for content in contents} == {"error"}
    assert len({content["energy"] for content in contents}) == 1
    assert min(content["voltage"] for content in contents) > 200.0


def test_a_brown_out_lowers_voltage_and_power() -> None:
    life, twin = Life("server"), Life("server")
    life.inject("brown_out", 300.0, residual_percent=60.0)
    life.advance(100.0)
    twin.advance(100.0)
    assert life.true().voltage == pytest.approx(0.6 * twin.true().voltage, rel=0.03)
    assert life.true().power == pytest.approx(0.6 * twin.true().power, rel=0.03)


def test_a_rebooting_device_is_offline_and_loses_its_seconds() -> None:
    life = Life()
    before = life.device.meter.energy_kwh
    life.inject("reboot", 30.0)
    assert life.device.status == "offline"
    assert life.advance(25.0) == []
    assert life.device.meter.energy_kwh == before
    assert life.advance(5.0) != []


def test_a_failed_fan_costs_power() -> None:
    life, twin = Life("server"), Life("server")
    life.inject("fan_failure", 300.0, failed=3, fans=6)
    life.advance(100.0)
    twin.advance(100.0)
    assert 1.01 < life.true().power / twin.true().power < 1.25


def test_a_jammed_line_idles_and_says_error() -> None:
    life = Life("industrial")
    life.inject("jam", 300.0)
    life.advance(100.0)
    assert life.true().power == pytest.approx(0.27 * 120.0, rel=0.02)
    assert life.true().status == "error"


def test_short_cycling_starts_the_compressor_often() -> None:
    life, twin = Life(), Life()
    life.inject("short_cycling", 7200.0)
    assert starts(life) > 2 * starts(twin) > 0


def starts(life: Life) -> int:
    powers = [content["power"] for _, content in life.advance(7195.0)]
    high = [power > 0.6 * max(powers) for power in powers]
    return sum(later and not earlier for earlier, later in pairwise(high))


def test_an_outage_ends_in_a_burst_of_what_the_buffer_kept() -> None:
    life = Life()
    life.inject("outage", 100.0, buffer=5)
    assert life.device.status == "offline"
    assert life.advance(95.0) == []
    burst = life.advance(STEP_S)
    stamps = [content["timestamp"][-3:-1] for _, content in burst]
    assert stamps == ["15", "20", "25", "30", "35", "40"]
    assert {content["status"] for _, content in burst} == {"online"}


@pytest.mark.parametrize("name", ["outage", "flapping", "gateway_outage"])
@pytest.mark.parametrize("before_s", [0.02, 3600.0])
def test_a_link_that_is_down_stays_so_when_a_tick_of_before_comes_late(
    name: str, before_s: float
) -> None:
    life = Life()
    life.inject(name, 100.0)
    life.device.tick(life.now - before_s, STEP_S)
    assert life.device.status == "offline"
    assert life.device.faults is not None
    said = send(life.device, life.device.faults, life.now - before_s, msgspec.json.encode)
    assert list(said) == []


def test_newest_first_sends_the_reading_of_now_before_the_late_ones() -> None:
    life = Life()
    life.inject("flapping", 100.0, period_s=40.0, down_share=0.5, buffer=2)
    sent = life.advance(30.0)
    assert [content["timestamp"][-3:-1] for _, content in sent] == ["10", "15", "20", "25", "30"]


def test_reordered_messages_all_come() -> None:
    life = Life()
    life.inject("reorder", 100.0, probability=1.0)
    sent = [content["timestamp"][-5:-1] for _, content in life.advance(40.0)]
    assert sent == ["0:10", "0:05", "0:20", "0:15", "0:30", "0:25", "0:40", "0:35"]


def test_duplicates_are_the_same_bytes() -> None:
    life = Life()
    life.inject("duplicate", 100.0, probability=1.0, copies=2)
    sent = life.advance(10.0)
    assert sent[0] == sent[1] == sent[2] != sent[3]
    assert len(sent) == 6


@pytest.mark.parametrize("how", ["truncated", "garbled"])
def test_a_corrupt_payload_is_never_json(how: str) -> None:
    life, _ = life_with("corrupt", how=how)
    assert {content for _, content in life.advance(280.0)} == {None}


def test_two_faults_at_once_compose() -> None:
    life = Life()
    stuck, gap = life.inject("stuck", 100.0), life.inject("gap", 50.0)
    assert life.advance(45.0) == []
    assert len({content["power"] for _, content in life.advance(50.0)}) == 1
    assert {note.effect for note in life.touched(gap)} == {"missing"}
    assert len(life.touched(stuck)) > len(life.touched(gap))


def test_a_disabled_device_sends_nothing_and_its_faults_touch_nothing() -> None:
    life = Life()
    life.device.enabled = False
    injection = life.inject("false_zero", 100.0)
    assert life.advance(200.0) == []
    assert life.touched(injection) == []
    assert any(isinstance(note, Closed) for note in life.notes)


@pytest.mark.parametrize("name", ["counter_reset", "drift", "stuck"])
def test_what_a_fault_remembers_outlives_the_process(name: str) -> None:
    life = Life()
    injection = life.inject(name, 3600.0)
    life.advance(600.0)
    assert life.device.faults is not None
    memory = dict(life.device.faults.active[injection.fault_id].memory)
    later = reborn(life.device)
    later.tick(life.now, 0.0)
    resume(later, injection, memory, life.now)
    assert shown(later, life.now).energy == life.shown().energy
    if name == "stuck":
        assert shown(later, life.now).power == life.shown().power


@pytest.mark.parametrize("name", FAULT_TYPES)
def test_what_a_fault_remembers_is_what_it_may(name: str) -> None:
    life = Life(OF_TYPE.get(name, "hvac"))
    injection = life.inject(name)
    assert life.device.faults is not None
    memory = life.device.faults.active[injection.fault_id].memory
    check_memory(injection.fault, msgspec.json.decode(msgspec.json.encode(memory)))
    with pytest.raises(InvalidFieldError, match=r"memory: .* remembers no colour"):
        check_memory(injection.fault, {"colour": 1.0})


def reborn(before: Device) -> Device:
    state = before.state(None)
    return Device.make(before.spec, before.kind, before.sites, state)


def test_nothing_is_left_of_a_device_that_was_never_faulty() -> None:
    life = Life()
    life.advance(60.0)
    assert life.device.faults is None
    assert Faults().idle
