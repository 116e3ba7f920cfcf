"""What the journal is told of requests that change something: what, whose, who and how."""

from collections.abc import Mapping
from typing import Any

from attrs import frozen
from quart import request

from iotmock.actors.journal import Journal
from iotmock.rest.operation import Answer, Operation
from iotmock.rest.problems import Problem

_DONE = {
    "create_device": "a device was created",
    "update_device": "a device was changed",
    "patch_device": "a device was changed",
    "delete_device": "a device was deleted",
    "command_device": "a command was applied",
    "batch_devices": "a batch was carried out",
    "command_devices": "a command for many was carried out",
    "delete_devices": "devices were deleted",
    "inject_fault": "a fault was injected",
    "inject_faults": "faults were injected",
    "clear_fault": "a fault was cleared",
    "clear_faults": "faults were cleared",
}
"""By the names of operations; others are told by that name."""
_OF_BODIES = ("command", "fault")
_COUNTS = ("succeeded", "applied", "rejected", "deleted", "injected", "cleared", "failed")
_REFUSED = "a request was refused"
_QUIET = frozenset({"GET", "HEAD", "OPTIONS"})


@frozen
class Happenings:
    """Tells of requests once they are answered; what a body says stays unsaid but for its names."""

    journal: Journal
    wants_token: bool = False

    def done(self, operation: Operation, arguments: Mapping[str, Any], answer: Answer) -> None:
        """Tell of a request that was carried out, or of a command that a device rejected."""
        if operation.method in _QUIET:
            return
        content, facts = answer.content, self._facts(arguments)
        if isinstance(content, Problem):
            self.journal.note("a command was rejected", reason=content.detail, **facts)
            return
        facts["device"] = facts["device"] or _made(operation, answer)
        counts = {name: getattr(content, name, None) for name in _COUNTS}
        event = _DONE.get(operation.name, operation.name.replace("_", " "))
        self.journal.note(event, **facts, **counts, status=answer.status)

    def refused(self, operation: Operation, arguments: Mapping[str, Any], error: Exception) -> None:
        """Tell why a request was not carried out."""
        if operation.method not in _QUIET:
            facts = self._facts(arguments)
            self.journal.note(_REFUSED, what=operation.name, reason=str(error), **facts)

    def _facts(self, arguments: Mapping[str, Any]) -> dict[str, Any]:
        body = arguments.get("body")
        return {
            "over": "rest",
            "by": request.remote_addr,
            "principal": "token" if self.wants_token else "anybody",
            "device": arguments.get("device_id"),
            "fleet": arguments.get("fleet"),
            **{name: getattr(body, name, None) for name in _OF_BODIES},
        }


def _made(operation: Operation, answer: Answer) -> str | None:
    made = operation.name == "create_device"
    return answer.headers.get("Location", "").rpartition("/")[2] or None if made else None
