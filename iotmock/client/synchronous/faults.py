"""Faults: injected, looked up, ended."""

from collections.abc import Mapping
from typing import Any, Unpack
from urllib.parse import quote

from iotmock.client.answers.faults import (
    ClearedFaults,
    FaultEntry,
    FaultList,
    FaultTypeList,
    InjectedFaults,
)
from iotmock.client.asked import Period, Selector, When
from iotmock.client.request import key, of_device
from iotmock.client.synchronous.asking import Asking


class Faults(Asking):
    """What can go wrong, does, and did; docs/reference/faults.md has each one's parameters."""

    def list_fault_types(self) -> FaultTypeList:
        """Return what can go wrong."""
        return self.ask("GET", "api/v1/fault-types", FaultTypeList)

    def inject_fault(
        self,
        device_id: str,
        fault: str,
        parameters: Mapping[str, Any] | None = None,
        *,
        idempotency_key: str | None = None,
        **when: Unpack[When],
    ) -> FaultEntry:
        """Have a device fail."""
        body = {"fault": fault, "parameters": parameters or {}, **when}
        path, headers = of_device(device_id, "/faults"), key(idempotency_key)
        return self.ask("POST", path, FaultEntry, body=body, headers=headers)

    def list_device_faults(self, device_id: str) -> FaultList:
        """Return the faults that a device has and will have."""
        return self.ask("GET", of_device(device_id, "/faults"), FaultList)

    def clear_fault(self, device_id: str, fault_id: str) -> None:
        """End a fault of a device, or call it off."""
        path = of_device(device_id, f"/faults/{quote(fault_id, safe='')}")
        self.ask("DELETE", path, type(None))

    def inject_faults(
        self,
        selector: Selector,
        fault: str,
        parameters: Mapping[str, Any] | None = None,
        *,
        idempotency_key: str | None = None,
        **when: Unpack[When],
    ) -> InjectedFaults:
        """Have many devices fail."""
        body = {"selector": selector, "fault": fault, "parameters": parameters or {}, **when}
        headers = key(idempotency_key)
        return self.ask("POST", "api/v1/faults", InjectedFaults, body=body, headers=headers)

    def clear_faults(self, group: str) -> ClearedFaults:
        """End all faults that one request injected."""
        query = {"group": group}
        return self.ask("DELETE", "api/v1/faults", ClearedFaults, query=query)

    def read_ledger(self, **which: Unpack[Period]) -> FaultList:
        """Return which faults there were, and which messages they changed."""
        named = {"begin": "from", "end": "to"}
        query = {named.get(name, name): value for name, value in which.items()}
        return self.ask("GET", "api/v1/faults", FaultList, query=query)
