"""The witness of a long run: a `mosquitto_sub` that counts until it is told to stop."""

import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager

from attrs import define

from benchmarks.counter import Counter
from benchmarks.processes import cpu_seconds, ending
from benchmarks.senders import DATA_FILTER
from tests.mosquitto import Mosquitto

_LONGEST_S = 1_000_000
_QUIET_S = 0.5


@define(eq=False)
class Witness:
    """Counts the fleet's data messages, at QoS 0, in a process that no one here wrote."""

    counter: Counter

    @property
    def process(self) -> subprocess.Popen[bytes]:
        """The subscriber."""
        return self.counter.process

    @property
    def so_far(self) -> int:
        """What it has printed; up to a few thousand more wait in its buffer."""
        return self.counter.dots.stat().st_size // 2

    def finish(self) -> int:
        """Wait until it has nothing more to do, and return how many came, exactly."""
        before = -1.0
        while (now := cpu_seconds(self.process.pid)) != before:
            before = now
            time.sleep(_QUIET_S)
        # What its option -W does when the time is over.
        self.process.send_signal(signal.SIGALRM)
        return self.counter.wait()[0]


@contextmanager
def witnessing(broker: Mosquitto) -> Iterator[Witness]:
    """Count during the block what arrives after its begin."""
    counter = Counter.start(broker, DATA_FILTER, seconds=_LONGEST_S)
    with ending(counter.process):
        yield Witness(counter)
