"""Every type of fault, by what it touches: the meter, the device, a message, the link, a result.

Read `meter.py` first; a new type is a class in one of these files, and a line in `FAULT_TYPES`.
Knows what a fault is (`faults/fault.py`) and families; the other files of `faults/`, REST and
scenarios know it.
"""

from iotmock.model.faults.fault import Fault
from iotmock.model.faults.types.darkness import BlackOut
from iotmock.model.faults.types.device import (
    BrownOut,
    FanFailure,
    Jam,
    Reboot,
    ShortCycling,
    Trip,
)
from iotmock.model.faults.types.message import Corrupt, Dropout, Duplicate, Gap, Reorder
from iotmock.model.faults.types.meter import (
    ClockDrift,
    ClockSkew,
    CounterReset,
    CounterRollback,
    Drift,
    FalseZero,
    Rollover,
    Spike,
    Stuck,
)
from iotmock.model.faults.types.outage import Flapping, GatewayOutage, Outage
from iotmock.model.faults.types.result import LateResult, LostResult

FAULT_TYPES: dict[str, type[Fault]] = {
    fault.name: fault
    for fault in (
        Stuck,
        FalseZero,
        Spike,
        Drift,
        CounterReset,
        CounterRollback,
        Rollover,
        ClockSkew,
        ClockDrift,
        Trip,
        BrownOut,
        BlackOut,
        Reboot,
        ShortCycling,
        FanFailure,
        Jam,
        Dropout,
        Gap,
        Duplicate,
        Reorder,
        Outage,
        Corrupt,
        Flapping,
        GatewayOutage,
        LostResult,
        LateResult,
    )
}
"""Every fault that can be injected, by name. Sources: realism.md, "Error conditions"."""
