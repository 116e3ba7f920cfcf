"""The account of commands."""

import json

from iotmock.soak.account.command_account import CommandAccount, CommandCounts


def result(device: str, command_id: str | None, status: str) -> bytes:
    return json.dumps({"id": command_id, "device_id": device, "status": status}).encode()


def test_every_command_is_applied_rejected_or_unanswered() -> None:
    account = CommandAccount()
    for number, device in enumerate(["a", "a", "b", "c"]):
        account.sent(device, f"c{number}", due_us=number * 1_000)
    account.receive(result("a", "c0", "applied"), 5_000)
    account.receive(result("a", "c0", "applied"), 6_000)
    account.receive(result("a", "c1", "rejected"), 6_000)
    account.receive(result("b", "c3", "applied"), 6_000)
    account.receive(result("b", None, "applied"), 6_000)
    for nothing in (b"{", b'{"id":"\xff"}', b'{"more":' + b"[" * 2_000):
        account.receive(nothing, 6_000)
    assert account.counts() == CommandCounts(4, 1, 1, 2, 1, 5)
    assert account.unanswered == [("b", "c2"), ("c", "c3")]


def test_the_time_is_from_when_the_command_was_due() -> None:
    account = CommandAccount()
    account.sent("a", "c", due_us=1_000_000)
    account.receive(result("a", "c", "applied"), 1_250_000)
    found = account.latency.quantiles()
    assert found.count == 1
    assert abs(found.p50_ms - 250) < 1
