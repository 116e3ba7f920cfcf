"""The two sides of a file of traffic, whatever its format: a writer and a reader."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Protocol

from iotmock.traffic.recorded import Recorded

PART = ".part"
"""Behind the name of a Parquet file while it is recorded: an Arrow stream, whole at any time."""
BATCH = 512
"""Messages that are read at a time: some ms of what else there is to do."""
BATCH_BYTES = 4 << 20
"""Of payloads that are read at a time, and the message that is beyond it."""


class Writer(Protocol):
    """Takes messages as they come. What `write` was given is on its way to the disk."""

    @property
    def left(self) -> Path:
        """Where all is that was written, until `finish` is through."""
        ...

    def write(self, rows: Sequence[Recorded]) -> None:
        """Append messages; OSError if the disk does not take them."""
        ...

    def finish(self) -> None:
        """Complete the file; OSError if there is no room for it, and all stays in `left`."""
        ...

    def abandon(self) -> None:
        """Write nothing more."""
        ...

    def size(self) -> int:
        """Return how many bytes it has on disk."""
        ...


class Reader(Protocol):
    """Gives messages as they were recorded; may be asked for them again."""

    total: int | None
    """How many there are, where the file says so at its head."""
    cut: str | None
    """What is missing at the end of the file, once that was reached."""

    def batches(self) -> Iterator[list[Recorded]]:
        """Yield messages in their order, some at a time.

        Raises:
            TrafficFileError: one is not in order; it says which.
        """
        ...
