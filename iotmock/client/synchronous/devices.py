"""One device at a time: made, changed, read, told."""

from collections.abc import Iterator, Mapping
from typing import Any, Unpack

from msgspec import UNSET, UnsetType

from iotmock.client.answers.devices import (
    CommandResult,
    DeviceHistory,
    DeviceInfo,
    DeviceList,
    Preview,
    Reading,
    SentMessages,
    SparseDevice,
)
from iotmock.client.answers.types import DeviceTypeList
from iotmock.client.asked import Changes, DeviceFields, Which
from iotmock.client.request import condition, given, key, of_device
from iotmock.client.synchronous.asking import Asking

LONGEST_PAGE = 1_000


class Devices(Asking):
    """Powers in kW, voltages in V, intervals in s. What is UNSET is left out."""

    def list_devices(
        self, *, limit: int = 100, offset: int = 0, **which: Unpack[Which]
    ) -> DeviceList:
        """Return a page of the devices that match, at most a thousand."""
        query = {"limit": limit, "offset": offset, **which}
        return self.ask("GET", "api/v1/devices", DeviceList, query=query)

    def every_device(self, **which: Unpack[Which]) -> Iterator[SparseDevice]:
        """Yield all devices that match, page by page."""
        offset, total = 0, 1
        while offset < total:
            page = self.list_devices(limit=LONGEST_PAGE, offset=offset, **which)
            for device in page.devices:
                yield device
            offset, total = offset + LONGEST_PAGE, page.total if page.devices else 0

    def create_device(
        self,
        device_type: str,
        name: str,
        *,
        idempotency_key: str | None = None,
        **fields: Unpack[DeviceFields],
    ) -> DeviceInfo:
        """Make a device."""
        body, headers = {"device_type": device_type, "name": name, **fields}, key(idempotency_key)
        return self.ask("POST", "api/v1/devices", DeviceInfo, body=body, headers=headers)

    def get_device(self, device_id: str) -> DeviceInfo:
        """Return a device."""
        return self.ask("GET", of_device(device_id), DeviceInfo)

    def update_device(
        self, device_id: str, changes: Changes, *, if_match: str | None = None
    ) -> DeviceInfo:
        """Change fields of a device, which must be among those that can be."""
        path, headers = of_device(device_id), condition(if_match)
        return self.ask("PUT", path, DeviceInfo, body=changes, headers=headers)

    def patch_device(
        self, device_id: str, changes: Changes, *, if_match: str | None = None
    ) -> DeviceInfo:
        """Change fields of a device; None is what it has by default (RFC 7396)."""
        path, headers = of_device(device_id), condition(if_match)
        return self.ask("PATCH", path, DeviceInfo, body=changes, headers=headers)

    def delete_device(self, device_id: str, *, if_match: str | None = None) -> None:
        """Take a device away."""
        headers = condition(if_match)
        self.ask("DELETE", of_device(device_id), type(None), headers=headers)

    def get_readings(self, device_id: str) -> Reading:
        """Return what a device's meter shows now; time does not go on by it."""
        return self.ask("GET", of_device(device_id, "/readings"), Reading)

    def command_device(
        self,
        device_id: str,
        command: str,
        parameters: Mapping[str, Any] | None = None,
        *,
        id: str | UnsetType = UNSET,  # noqa: A002 - as the message has it
        idempotency_key: str | None = None,
    ) -> CommandResult:
        """Tell a device to do something, and return what it did.

        Raises:
            RefusedError: it does not, and its `result` says why.
        """
        body = given(command=command, parameters=parameters or {}, id=id)
        path, headers = of_device(device_id, "/command"), key(idempotency_key)
        return self.ask("POST", path, CommandResult, body=body, headers=headers)

    def simulate_device(self, device_id: str, *, idempotency_key: str | None = None) -> Reading:
        """Take a reading now, publish it and return it."""
        path, headers = of_device(device_id, "/simulate"), key(idempotency_key)
        return self.ask("POST", path, Reading, headers=headers)

    def get_device_history(self, device_id: str) -> DeviceHistory:
        """Return the last quarter of an hour of a device."""
        return self.ask("GET", of_device(device_id, "/history"), DeviceHistory)

    def preview(
        self, device_id: str, *, hours: float | UnsetType = UNSET, step: float | UnsetType = UNSET
    ) -> Preview:
        """Return what a device would do in the next `hours`, a reading each `step` s."""
        query = given(hours=hours, step=step)
        return self.ask("GET", of_device(device_id, "/preview"), Preview, query=query)

    def get_messages(self, device_id: str, *, limit: int | UnsetType = UNSET) -> SentMessages:
        """Return the newest messages of a device, as they were sent."""
        query = given(limit=limit)
        return self.ask("GET", of_device(device_id, "/messages"), SentMessages, query=query)

    def list_device_types(self) -> DeviceTypeList:
        """Return what a device can be."""
        return self.ask("GET", "api/v1/device-types", DeviceTypeList)
