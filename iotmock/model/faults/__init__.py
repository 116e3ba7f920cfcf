"""The faults: error conditions of meters, devices and links, with the truth on record.

Read `fault.py` first, then `device.py`, `meter.py` and `link.py`; `active.py` is what a device has
of them. Knows families and parts; `model/device.py` knows it, and what asks for faults or keeps
them: actors, REST, the ledger, storage, soak.
"""

from iotmock.model.faults.device import (
    BrownOut,
    FanFailure,
    Jam,
    Reboot,
    ShortCycling,
    Trip,
)
from iotmock.model.faults.fault import Fault
from iotmock.model.faults.link import (
    Corrupt,
    Dropout,
    Duplicate,
    Flapping,
    Gap,
    GatewayOutage,
    LateResult,
    LostResult,
    Outage,
    Reorder,
)
from iotmock.model.faults.meter import (
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
