"""Faults of one device or of many: injected and ended."""

from typing import Any

from iotmock.client.commands.choice import Choice
from iotmock.client.commands.known import Fault, FaultList, InjectedFaults
from iotmock.client.commands.service import Service
from iotmock.client.errors import RefusedError, UsageError
from iotmock.client.request import of_device

_MOST_IDS = 1_000
"""Of one request, as the service limits it."""


def inject_in_one(service: Service, device_id: str, content: dict[str, Any]) -> Fault:
    """Have a device fail. Raises: see `Service`."""
    return service.post(_faults_of(device_id), Fault, content)


def inject_in_many(
    service: Service, choice: Choice, content: dict[str, Any], share: float, seed: int
) -> InjectedFaults:
    """Have a share of the chosen devices fail, drawn by a seed.

    Raises:
        UsageError: a pattern chooses more than the service takes by their ids.
        RefusedError, UnreachableError: see `Service`.
    """
    selector: dict[str, Any] = {"share": share, "seed": seed}
    if choice.is_every:
        selector |= {"device_type": choice.device_type, "location": choice.location}
    else:
        selector["ids"] = _ids(service, choice)
    return service.post("api/v1/faults", InjectedFaults, {**content, "selector": selector})


def _ids(service: Service, choice: Choice) -> list[str]:
    ids = choice.ids(service)
    if len(ids) > _MOST_IDS:
        raise UsageError(
            f"{choice} is {len(ids):,} devices, and a request takes {_MOST_IDS:,} ids: "
            "choose '*' with --type or --location"
        )
    return ids


def clear_group(service: Service, group: str) -> int:
    """End all faults of one request for many; return how many. Raises: see `Service`."""
    return service.clear_faults(group).cleared


def clear_of(service: Service, choice: Choice, wanted: str | None) -> int:
    """End the faults of devices, by a fault's name or id or all; return how many.

    Raises:
        RefusedError: there is none. UnreachableError: see `Service`.
    """
    ended = 0
    for device_id in choice.ids(service):
        for fault in service.get(_faults_of(device_id), FaultList).faults:
            if wanted in {None, fault.fault, fault.fault_id}:
                service.clear_fault(device_id, fault.fault_id)
                ended += 1
    if not ended:
        what = f"fault {wanted}" if wanted else "fault"
        raise RefusedError(f"{choice} has no {what}: `iotmock devices ID` tells which")
    return ended


def _faults_of(device_id: str) -> str:
    return of_device(device_id, "/faults")
