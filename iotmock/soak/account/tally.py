"""The counts of a group of devices."""

import msgspec


class Tally(msgspec.Struct):
    """Messages, by what became of them.

    Once a run is closed, exactly: sent = distinct + lost + lost_in_outages. A message may be late
    and corrupted at once, and is then in both.
    """

    received: int = 0
    """All that arrived with a stamp of this run."""
    lost: int = 0
    lost_in_outages: int = 0
    """Lost, and due while the receiver itself was away."""
    duplicated: int = 0
    redelivered: int = 0
    """Came again with DUP: the broker had not seen the receiver's acknowledgement."""
    reordered: int = 0
    """Came after a later one of the same device (RFC 4737)."""
    late: int = 0
    """Came, for the first time, longer after it was due than `late_after_s`."""
    late_beyond_window: int = 0
    """Came after it was counted as lost; it no longer is."""
    unplaced: int = 0
    """Came too late to tell a duplicate from a loss, or with a number that can not be right."""
    corrupted: int = 0
    deliberate: int = 0
    """Sent by a device with a fault that was asked for. It acted before the message was numbered,
    so what it dropped has no number, its copies have their own, and none is a defect here."""

    @property
    def distinct(self) -> int:
        """How many different messages came."""
        return self.received - self.duplicated - self.redelivered - self.unplaced

    def add(self, other: "Tally") -> None:
        """Add the counts of another group."""
        for name in self.__struct_fields__:
            setattr(self, name, getattr(self, name) + getattr(other, name))


def total(tallies: list[Tally]) -> Tally:
    """Return the sum."""
    result = Tally()
    for tally in tallies:
        result.add(tally)
    return result
