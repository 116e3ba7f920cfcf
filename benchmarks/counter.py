"""The independent count: a `mosquitto_sub` on this machine, which ends by itself."""

import subprocess
import time
from itertools import count
from pathlib import Path

from attrs import define

from benchmarks.processes import wait_logged
from tests.mosquitto import PASSWORD, USERNAME, Mosquitto, program

LOGGED = "log_type subscribe"
"""What mosquitto must be configured with, so that we learn when a counter has subscribed."""

_PATIENCE_S = 60
_NEVER = 1_000_000_000
_numbers = count(1)


def subscriber(
    port: int, topic_filter: str, client_id: str, messages: int, seconds: int
) -> list[str]:
    """Return the command of a subscriber at QoS 0 that prints a dot and a newline per message."""
    return [
        program("mosquitto_sub"), "-h", "127.0.0.1", "-p", str(port), "-u", USERNAME,
        "-P", PASSWORD, "-i", client_id, "-q", "0", "-R", "-t", topic_filter, "-F", ".",
        "-C", str(messages), "-W", str(seconds),
    ]  # fmt: skip


@define(eq=False)
class Counter:
    """A subscriber that counts since `since`, on the monotonic clock."""

    process: subprocess.Popen[bytes]
    dots: Path
    since: float

    @classmethod
    def start(
        cls,
        broker: Mosquitto,
        topic_filter: str,
        messages: int = _NEVER,
        seconds: int = _PATIENCE_S,
    ) -> "Counter":
        """Count up to `messages` or for `seconds`; return once the broker has the subscription."""
        client_id = f"counter-{next(_numbers)}"
        command = subscriber(broker.port, topic_filter, client_id, messages, seconds)
        dots = broker.folder / client_id
        with dots.open("wb") as stdout:
            process = subprocess.Popen(command, stdout=stdout, stderr=subprocess.DEVNULL)
        wait_logged(broker.folder / "mosquitto.log", f"{client_id} 0 ")
        return cls(process, dots, time.monotonic())

    def wait(self) -> tuple[int, float]:
        """Wait for its end; return how many came, and when on the monotonic clock it ended."""
        self.process.wait()  # with a timeout it would poll, in steps of up to 50 ms
        ended = time.monotonic()
        return self.dots.stat().st_size // 2, ended

    def wait_all(self, messages: int) -> float:
        """Return when the last of `messages` had arrived.

        Raises:
            RuntimeError: some never came.
        """
        came, ended = self.wait()
        if came != messages:
            raise RuntimeError(f"{came} of {messages} messages arrived")
        return ended
