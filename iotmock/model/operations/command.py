"""Commands: what each does to a device, or why it does nothing."""

from iotmock.model.commands import (
    Applied,
    ClearFault,
    Command,
    InjectFault,
    Outcome,
    Reboot,
    Rejected,
    ResetEnergy,
    SetEnabled,
    SetInterval,
    SetOnline,
    SetPower,
    SetVoltage,
)
from iotmock.model.device import Device
from iotmock.model.faults.request import FaultRequest, InvalidFaultError
from iotmock.model.numbers.noise import seed_of
from iotmock.model.operations.faults import inject

REBOOT_S = 10.0


def handle(device: Device, command: Command, now: float) -> Outcome:
    """Carry out, at `now`, a command that was parsed for this device's type."""
    if isinstance(command, InjectFault):
        return _inject(device, command, now)
    if isinstance(command, ClearFault):
        return _clear(device, command, now)
    return _obey(device, command)


def _obey(device: Device, command: Command) -> Outcome:
    match command:
        case SetPower(power=power):
            device.change(base_power=power)
        case SetVoltage(voltage=voltage):
            device.change(base_voltage=voltage)
        case SetInterval(interval=interval):
            device.change(interval=interval)
        case SetEnabled(enabled=enabled):
            device.enabled = enabled
        case SetOnline(online=online):
            device.online, device.reboot_left_s = online, 0.0
        case ResetEnergy():
            device.reset_energy()
        case Reboot():
            device.reboot_left_s = REBOOT_S
        case _:
            return device.family.apply(command.for_rating(device.spec.base_power))
    return Applied()


def _inject(device: Device, command: InjectFault, now: float) -> Outcome:
    wanted = FaultRequest(command.fault, command.parameters, command.start, command.duration)
    fault_id = command.fault_id or next_fault_id(device, now)
    try:
        injection = wanted.injection(device.spec, now, fault_id)
    except InvalidFaultError as error:
        return Rejected(str(error))
    if injection.fault.of_location:
        return Rejected(f"{command.fault} takes a whole location: POST /api/v1/faults")
    if device.faults is not None and device.faults.knows(fault_id):
        return Rejected(f"fault_id: {fault_id} is taken")
    inject(device, injection, now)
    return Applied()


def _clear(device: Device, command: ClearFault, now: float) -> Outcome:
    if command.fault_id is None:
        if device.faults is not None:
            device.faults.clear_all(now)
        return Applied()
    if device.faults is None or not device.faults.clear(command.fault_id, now):
        return Rejected(f"fault_id: this device has no fault {command.fault_id[:64]!r}")
    return Applied()


def next_fault_id(device: Device, now: float) -> str:
    """Return an id for a fault that is asked for at `now`; no other that was has it."""
    device.faults_named += 1
    return f"{seed_of(device.faults_named, f'{device.spec.device_id}:{now}'):016x}"
