"""Commands over MQTT: every payload is answered, or left alone for a reason that is counted."""

import msgspec
import pytest
from trio.testing import MockClock, wait_all_tasks_blocked

from iotmock.actors.messages import IncomingCommand, IncomingQuestion, Kind, Outgoing
from tests.actors.rig import Rig, assemble, running

pytestmark = pytest.mark.trio


async def send(rig: Rig, payload: object, device_id: str = "p", **fields: object) -> None:
    content = payload if isinstance(payload, bytes) else msgspec.json.encode(payload)
    rig.router.route(IncomingCommand(device_id, content, **fields))  # type: ignore[arg-type]
    await wait_all_tasks_blocked()


async def test_a_command_is_applied_and_its_result_published(autojump_clock: MockClock) -> None:
    async with running(assemble()) as rig:
        device = await rig.supervisor.create("plain", name="P", device_id="p")
        await send(rig, {"command": "set_power", "parameters": {"power": 30}, "id": "a"})
        (result,) = rig.sent(Kind.RESULT, "p")
        assert list(result) == [
            "id", "device_id", "command", "status", "reason", "timestamp", "changes",
        ]  # fmt: skip
        assert result["changes"] == {"base_power": [10.0, 30.0]}
        assert (result["id"], result["status"], result["reason"]) == ("a", "applied", None)
        assert device.model.spec.base_power == 30.0


@pytest.mark.parametrize(
    ("payload", "why"),
    [
        (b"", "not JSON"),
        (b"{", "not JSON"),
        (b"\xff\xfe", "not JSON"),
        (b"[" * 100_000, "nested more than 64 deep"),
        (b'{"command": "set_power", "parameters": %s1%s}' % (b'{"a":' * 963, b"}" * 963), "nested"),
        (b'{"command": "set_power", "parameters": {"power": NaN}}', "not JSON"),
        (b"[]", "not a JSON object"),
        (b"null", "not a JSON object"),
        ({}, "command"),
        ({"command": 5}, "command"),
        ({"command": "set_power", "parameters": []}, "parameters"),
        ({"command": "set_power", "parameters": {"power": "abc"}}, "power"),
        ({"command": "set_power", "parameters": {"power": 1e400}}, "power"),
        ({"command": "explode"}, "unknown command"),
        ({"command": "A" * 1_000_000}, "more than 64 characters"),
        ({"command": "reboot", "id": 7}, "id"),
        ({"command": "reboot", "id": "x" * 65}, "id"),
        ({"command": "reboot", "surprise": 1}, "surprise"),
    ],
)
async def test_what_is_no_command_is_rejected_with_the_reason_and_changes_nothing(
    autojump_clock: MockClock, payload: object, why: str
) -> None:
    async with running(assemble()) as rig:
        device = await rig.supervisor.create("plain", name="P", device_id="p")
        before = device.record()
        await send(rig, payload)
        (result,) = rig.sent(Kind.RESULT, "p")
        assert result["status"] == "rejected"
        assert why in result["reason"]
        assert len(str(result)) < 1_000
        assert device.record() == before
        assert rig.router.statistics.rejected == 1


async def test_a_device_of_somebody_else_is_left_alone(autojump_clock: MockClock) -> None:
    async with running(assemble()) as rig:
        await send(rig, {"command": "reboot"}, device_id="real-007")
        assert rig.sent(Kind.RESULT) == []
        assert rig.router.statistics.unknown_device == 1


async def test_an_offline_device_hears_only_set_online(autojump_clock: MockClock) -> None:
    async with running(assemble()) as rig:
        await rig.supervisor.create("plain", name="P", device_id="p")
        await send(rig, {"command": "set_online", "parameters": {"online": False}})
        for payload in ({"command": "reset_energy"}, b"junk", {"command": "nonsense"}):
            await send(rig, payload)
        assert len(rig.sent(Kind.RESULT, "p")) == 1
        assert rig.router.statistics.ignored_offline == 3
        await send(rig, {"command": "set_online", "parameters": {"online": True}})
        assert len(rig.sent(Kind.RESULT, "p")) == 2


async def test_the_same_id_is_answered_with_the_first_result(autojump_clock: MockClock) -> None:
    async with running(assemble()) as rig:
        device = await rig.supervisor.create("plain", name="P", device_id="p")
        for power in (30, 40):
            await send(rig, {"command": "set_power", "parameters": {"power": power}, "id": "a"})
        first, second = rig.sent(Kind.RESULT, "p")
        assert first == second
        assert device.model.spec.base_power == 30.0


async def test_a_full_inbox_is_answered_too(autojump_clock: MockClock) -> None:
    async with running(assemble()) as rig:
        await rig.supervisor.create("plain", name="P", device_id="p")
        message = IncomingCommand("p", b'{"command": "reset_energy"}')
        for _ in range(30):
            rig.router.route(message)
        await wait_all_tasks_blocked()
        results = rig.sent(Kind.RESULT, "p")
        assert len(results) == 30
        assert {result["status"] for result in results} == {"applied", "rejected"}
        assert any("full" in (result["reason"] or "") for result in results)


async def test_a_request_is_answered_at_its_response_topic_too(autojump_clock: MockClock) -> None:
    async with running(assemble()) as rig:
        await rig.supervisor.create("plain", name="P", device_id="p")
        await send(rig, {"command": "reset_energy"}, reply_topic="my/inbox", correlation=b"7")
        results = [m for m in rig.publisher._waiting if m.kind is Kind.RESULT]
        assert {message.topic for message in results} == {
            "energy/devices/p/commands/result",
            "my/inbox",
        }
        assert {message.correlation for message in results} == {b"7"}


async def test_commands_to_one_device_are_carried_out_in_order(autojump_clock: MockClock) -> None:
    async with running(assemble()) as rig:
        device = await rig.supervisor.create("plain", name="P", device_id="p")
        for power in range(1, 11):
            payload = {"command": "set_power", "parameters": {"power": power}}
            rig.router.route(IncomingCommand("p", msgspec.json.encode(payload)))
        await wait_all_tasks_blocked()
        assert device.model.spec.base_power == 10.0


async def test_a_reason_that_quotes_a_megabyte_is_not_remembered_whole(
    autojump_clock: MockClock,
) -> None:
    async with running(assemble()) as rig:
        await rig.supervisor.create("plain", name="P", device_id="p")
        for number in range(20):
            parameters = {"x" * 1_000_000: number}
            request = {"command": "set_power", "parameters": parameters, "id": str(number)}
            await send(rig, request)
        kept = [slot.result for slot in rig.supervisor._answered._slots.values()]
        assert len(kept) == 20
        assert max(len(one.reason) for one in kept if one and one.reason) <= 500


async def test_a_question_is_answered_by_who_hears_it_and_is_no_command(
    autojump_clock: MockClock,
) -> None:
    async with running(assemble()) as rig:
        device = await rig.supervisor.create("plain", name="P", device_id="p")

        def ask(device_id: str) -> None:
            answer = Outgoing(Kind.RESULT, device_id, b'{"is":"so"}', "t")
            rig.router.route(IncomingQuestion(device_id, lambda model: [answer]))

        ask("nobody")
        ask("p")
        device.model.online = False
        ask("p")
        await wait_all_tasks_blocked()
        assert rig.sent(Kind.RESULT, "p") == [{"is": "so"}]
        assert rig.sent(Kind.RESULT, "nobody") == []
        assert rig.router.statistics.received == 0
        assert rig.router.statistics.ignored_offline == 1
