"""The account of commands: which were answered, how, and how long it took since each was due."""

import msgspec
from attrs import define, field

from iotmock.verification.latency import Latency
from iotmock.wording.no_json import NO_JSON


class CommandCounts(msgspec.Struct, frozen=True):
    """Exactly: sent = applied + rejected + unanswered."""

    sent: int
    applied: int
    rejected: int
    unanswered: int
    repeated: int
    """Results that had come before."""
    foreign: int
    """Results of commands that are not of this account, or that can not be read."""


class _Result(msgspec.Struct, frozen=True):
    id: str | None
    device_id: str
    status: str


_NEVER_US = 1 << 62
_decode = msgspec.json.Decoder(_Result).decode


@define(eq=False)
class CommandAccount:
    """Give it every command that is sent, with an id of its own, and every result that comes."""

    latency: Latency = field(factory=Latency)
    _waiting: dict[tuple[str, str], tuple[int, int]] = field(factory=dict)
    _outcomes: dict[tuple[str, str], str] = field(factory=dict)
    _repeated: int = 0
    _foreign: int = 0

    def sent(self, device: str, command_id: str, due_us: int, timeout_us: int = _NEVER_US) -> None:
        """Note a command that was due at `due_us`, µs of Unix time.

        A result that comes more than `timeout_us` later is none.
        """
        self._waiting[device, command_id] = due_us, timeout_us

    def receive(self, payload: bytes, now_us: int) -> None:
        """Take a result message."""
        try:
            result = _decode(payload)
        except NO_JSON:
            self._foreign += 1
            return
        key = (result.device_id, result.id or "")
        due_us, timeout_us = self._waiting.get(key, (now_us, -1))
        if now_us - due_us <= timeout_us:
            del self._waiting[key]
            self._outcomes[key] = result.status
            self.latency.record(now_us - due_us)
        elif key in self._outcomes:
            self._repeated += 1
        else:
            self._foreign += 1

    @property
    def unanswered(self) -> list[tuple[str, str]]:
        """Device and id of each command that waits for its result."""
        return list(self._waiting)

    def counts(self) -> CommandCounts:
        """Return the counts of now."""
        applied = sum(status == "applied" for status in self._outcomes.values())
        return CommandCounts(
            sent=len(self._waiting) + len(self._outcomes),
            applied=applied,
            rejected=len(self._outcomes) - applied,
            unanswered=len(self._waiting),
            repeated=self._repeated,
            foreign=self._foreign,
        )
