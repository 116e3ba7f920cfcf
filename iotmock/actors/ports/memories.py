"""What a dialect remembers of devices beyond the end of the process."""

from collections.abc import Mapping
from typing import Protocol, runtime_checkable


@runtime_checkable
class Remembers(Protocol):
    """A dialect that has said something of a device from which it must go on in the next life."""

    def recall(self, memories: Mapping[str, bytes]) -> None:
        """Go on from these, by device; what is not to be read is as if it were not there."""
        ...

    def take_changed(self, most: int | None) -> Mapping[str, bytes | None]:
        """Return what is to be kept now and was not yet returned, of so many devices at most.

        None: nothing is to be kept of the device any more.
        """
        ...
