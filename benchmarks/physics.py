"""What a tick costs: µs and instructions per family, site and meter included, JSON excluded."""

import os
import re
import subprocess
import sys
from random import gauss
from statistics import median
from time import perf_counter

from iotmock.model.device import Device
from iotmock.model.families import built_in
from iotmock.model.site.sites import Sites
from iotmock.model.spec import DeviceSpec, DeviceState

MONDAY_10_H = 1_754_906_400.0
STEP_S = 5.0
DEVICES = 40
ROUNDS = 500
REPEATS = 5


def run() -> list[dict[str, object]]:
    """Return a row per family, and their mean; `gauss_us` tells how fast this machine is today."""
    rows = [_row(device_type) for device_type in built_in().names]
    mean: dict[str, object] = {"family": "mean"}
    for name in ("us_per_tick", "instructions_per_tick"):
        values = [value for row in rows if isinstance(value := row[name], float)]
        mean[name] = round(sum(values) / len(values), 2) if values else None
    return [*rows, mean | {"gauss_us": round(_gauss_us(), 3)}]


def _row(device_type: str) -> dict[str, object]:
    times = [ticking(device_type, ROUNDS) for _ in range(REPEATS)]
    return {
        "family": device_type,
        "us_per_tick": round(median(times) * 1e6, 2),
        "instructions_per_tick": _instructions(device_type),
    }


def ticking(device_type: str, rounds: int) -> float:
    """Return the seconds a tick takes: 40 devices at ten locations, over `rounds` intervals."""
    kind, sites = built_in().get(device_type), Sites(1, 0.1)
    devices = [
        Device.make(
            DeviceSpec(
                f"{device_type}-{number}",
                device_type,
                "bench",
                kind.base_power,
                kind.base_voltage,
                f"location {number % 10}",
            ),
            kind,
            sites,
            DeviceState(),
        )
        for number in range(DEVICES)
    ]
    begin = perf_counter()
    for number in range(rounds):
        now = MONDAY_10_H + number * STEP_S
        for device in devices:
            device.tick(now, STEP_S)
    return (perf_counter() - begin) / (rounds * DEVICES)


def _gauss_us() -> float:
    begin = perf_counter()
    for _ in range(100_000):
        gauss(0.0, 1.0)
    return (perf_counter() - begin) * 10.0


def _instructions(device_type: str) -> float | None:
    """Return instructions per tick by `perf stat` or callgrind; None where neither can count."""
    few, more = 50, 250
    for counter in (_PERF, _CALLGRIND):
        counts = [_counted(counter, device_type, rounds) for rounds in (few, more)]
        if counts[0] is not None and counts[1] is not None:
            return float(round((counts[1] - counts[0]) / ((more - few) * DEVICES)))
    return None


_PERF = (
    ["perf", "stat", "-x,", "-e", "instructions:u"],
    re.compile(r"^(\d+),.*instructions", re.MULTILINE),
)
_CALLGRIND = (
    ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null"],
    re.compile(r"Collected : (\d+)"),
)


def _counted(
    counter: tuple[list[str], re.Pattern[str]], device_type: str, rounds: int
) -> int | None:
    command, pattern = counter
    code = f"from benchmarks.physics import ticking; ticking({device_type!r}, {rounds})"
    try:
        done = subprocess.run(
            [*command, sys.executable, "-c", code],
            capture_output=True,
            text=True,
            check=True,
            env=os.environ | {"PYTHONHASHSEED": "0"},  # else the start itself varies
        )
    except (OSError, subprocess.CalledProcessError):
        return None
    found = pattern.search(done.stderr)
    return int(found.group(1)) if found is not None else None


if __name__ == "__main__":
    print(f"{'family':<12}{'µs/tick':>9}{'instructions/tick':>20}")
    for row in run():
        counted = row["instructions_per_tick"]
        shown = f"{counted:,.0f}" if isinstance(counted, float) else "not counted"
        print(f"{row['family']:<12}{row['us_per_tick']:>9}{shown:>20}")
