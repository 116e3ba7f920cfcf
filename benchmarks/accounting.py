"""The memory of the receiver's account: `python -m benchmarks.accounting DEVICES ROUNDS SHARE`.

Each round is a message of each device; SHARE of them never comes, and as many come late and twice.
The process prints a `Footprint`: what it holds beyond what an empty receiver does.
"""

import random
import sys
import time
from pathlib import Path
from zlib import crc32

import msgspec

from iotmock.soak.account.accounting import Account
from iotmock.soak.account.tally import total
from iotmock.soak.receiver.intake import Intake
from iotmock.soak.receiver.receipts import Expect

_PAGE = 4_096
_RUN = b"r"
_PAYLOAD = b'{"power":1.5}'


class Footprint(msgspec.Struct, frozen=True):
    """Resident MB: of the whole process, and of the account alone; messages that were counted."""

    process_mb: float
    account_mb: float
    received: int
    lost: int


def resident_mb() -> float:
    return int(Path("/proc/self/statm").read_text().split()[1]) * _PAGE / 1e6


def measure(devices: int, rounds: int, share: float) -> Footprint:
    """Take messages as they come off a socket, into an account that begins empty."""
    topics = [b"energy/devices/soak-roof-%06d/data" % number for number in range(devices)]
    chance, before = random.Random(1), resident_mb()
    intake = Intake(_RUN, Account(late_after_s=60.0, groups={"roof": "soak-roof"}))
    held: list[tuple[bytes, bytes]] = []
    for number in range(1, rounds + 1):
        intake.heard_us = int(time.time() * 1e6)
        stamp = b"%s;%d;%d;%d;%d;" % (
            _RUN, intake.heard_us, intake.heard_us, number, crc32(_PAYLOAD, number),
        )  # fmt: skip
        late, held = held, []
        for topic in topics:
            fate = chance.random() if share else 1.0
            if fate < share:
                continue
            if fate < 2 * share:
                held.append((topic, stamp))
                continue
            intake.take(topic, stamp, _PAYLOAD, 0x30)
        for topic, old in late:
            intake.take(topic, old, _PAYLOAD, 0x30)
            intake.take(topic, old, _PAYLOAD, 0x30)
    held.clear()
    _expect(intake.account, devices, rounds)
    after = resident_mb()
    intake.account.close(int(time.time() * 1e6))
    tally = total(list(intake.account.tallies.values()))
    return Footprint(after, after - before, tally.received, tally.lost)


def _expect(account: Account, devices: int, rounds: int) -> None:
    """Tell it what was sent, as the line does that a receiver reads at the end."""
    counts = {f"soak-roof-{number:06d}": rounds for number in range(devices)}
    line = msgspec.json.encode(Expect(counts))
    for device, count in msgspec.json.decode(line, type=Expect).counts.items():
        account.expect(device, count)


if __name__ == "__main__":
    _, of_devices, of_rounds, of_share = sys.argv
    footprint = measure(int(of_devices), int(of_rounds), float(of_share))
    print(msgspec.json.encode(footprint).decode(), flush=True)
