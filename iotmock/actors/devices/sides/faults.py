"""The fault side of a device: what begins and ends goes on record, and a changed status is said."""

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager

from iotmock.actors.devices.sides.status import publish_status
from iotmock.actors.devices.sides.surroundings import Surroundings
from iotmock.actors.observing import apart
from iotmock.actors.ports.ledger_file import OpenFault
from iotmock.model.device import Device
from iotmock.model.faults.active import Faults
from iotmock.model.faults.entry import changed_entries
from iotmock.model.faults.fault import Injection
from iotmock.model.faults.notes import Note, fault_id_of
from iotmock.model.operations import faults as operations


def put_on_record(around: Surroundings, model: Device, faults: Faults) -> None:
    """Pass on what was noted of faults; a device that has none any more is quick again."""
    notes = faults.drain()
    around.ledger.tell(notes)
    if around.announces_faults:
        with apart("the topic of faults", model.spec.device_id):
            _announce(around, model, notes)
    if faults.idle:
        model.faults = None


def _announce(around: Surroundings, model: Device, notes: Iterable[Note]) -> None:
    for entry in changed_entries(notes):
        for message in around.dialect.voice(model).fault(entry):
            around.publisher.tell(message)
            around.hub.said(message)


@contextmanager
def watched(around: Surroundings, model: Device) -> Iterator[None]:
    """Publish the status if it changes meanwhile, and put on record what happened.

    If that fails, so does the device, and no fault that came meanwhile outlives that.
    """
    before, known = (model.status, model.enabled), _ids(model)
    try:
        yield
        if (model.status, model.enabled) != before:
            publish_status(around, model)
    except Exception:
        if model.faults is not None:
            _undo(around, model.faults, model.faults.ids.difference(known))
        raise
    if model.faults is not None:
        put_on_record(around, model, model.faults)


def _ids(model: Device) -> Collection[str]:
    return () if model.faults is None else model.faults.ids


def _undo(around: Surroundings, faults: Faults, came: Collection[str]) -> None:
    # Who asked for one hears that the device failed; what has ended, ended all the same.
    for fault_id in came:
        faults.forget(fault_id)
    around.ledger.tell(note for note in faults.drain() if fault_id_of(note) not in came)


def inject(around: Surroundings, model: Device, injection: Injection) -> bool:
    """Have a fault begin at its time; say whether there was none of its id."""
    if model.faults is not None and model.faults.knows(injection.fault_id):
        return False
    with watched(around, model):
        operations.inject(model, injection, around.clock.now())
    return True


def clear(around: Surroundings, model: Device, fault_id: str) -> bool:
    """End a fault; say whether there was one."""
    faults = model.faults
    with watched(around, model):
        return faults is not None and faults.clear(fault_id, around.clock.now())


def take_over(around: Surroundings, model: Device, before: Device) -> None:
    """Go on with the faults that a device had before it was restarted."""
    model.faults_named = before.faults_named
    if before.faults is None:
        return
    now = around.clock.now()
    for active in before.faults.active.values():
        operations.resume(model, active.injection, active.memory, now)
    for injection in before.faults.schedule.requested:
        operations.resume(model, injection, {}, now)
    if model.faults is not None:
        put_on_record(around, model, model.faults)


def resume(around: Surroundings, model: Device, fault: OpenFault) -> None:
    """Go on with a fault of an earlier life of the process; see `Ledger.open_faults`."""
    operations.resume(model, fault.injection, fault.memory, around.clock.now())


def end_all(around: Surroundings, model: Device) -> None:
    """Put on record that a device's faults are over, because it is deleted."""
    if model.faults is not None:
        model.faults.clear_all(around.clock.now())
        around.ledger.tell(model.faults.drain())
