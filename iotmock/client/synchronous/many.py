"""Many devices in one request."""

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import UNSET, UnsetType

from iotmock.client.answers.many import BatchAnswer, CommandResults, DeletedDevices
from iotmock.client.asked import Selector
from iotmock.client.request import given, key
from iotmock.client.synchronous.asking import Asking


class Many(Asking):
    """Each device is taken by itself: what fails with one does not keep others back."""

    def batch_devices(
        self, operations: Sequence[Mapping[str, Any]], *, idempotency_key: str | None = None
    ) -> BatchAnswer:
        """Create, update and delete up to 500 devices, each by itself."""
        body, headers = {"operations": operations}, key(idempotency_key)
        path = "api/v1/devices:batch"
        return self.ask("POST", path, BatchAnswer, body=body, headers=headers)

    def command_devices(
        self,
        selector: Selector,
        command: str,
        parameters: Mapping[str, Any] | None = None,
        *,
        id: str | UnsetType = UNSET,  # noqa: A002 - as the message has it
        idempotency_key: str | None = None,
    ) -> CommandResults:
        """Tell many devices to do something."""
        body = given(selector=selector, command=command, parameters=parameters or {}, id=id)
        path, headers = "api/v1/devices/command", key(idempotency_key)
        return self.ask("POST", path, CommandResults, body=body, headers=headers)

    def delete_devices(self, selector: Selector) -> DeletedDevices:
        """Take away the devices that are chosen."""
        query = {name: _in_query(value) for name, value in selector.items()}
        return self.ask("DELETE", "api/v1/devices", DeletedDevices, query=query)


def _in_query(value: object) -> str:
    if isinstance(value, list):
        return ",".join(value)
    return str(value).lower() if isinstance(value, bool) else str(value)
