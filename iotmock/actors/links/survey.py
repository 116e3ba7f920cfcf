"""A look at every link, once a second: who waits longest, and how much waits on purpose."""

from attrs import define, field

from iotmock.actors.links.device_link import DeviceLink
from iotmock.actors.outbox.carrier import Oldest


@define
class Survey:
    """What was found so far."""

    oldest: Oldest = field(factory=Oldest)
    withheld: int = 0

    def note(self, link: DeviceLink, now: float) -> None:
        """Look at a link."""
        seconds = link.line.oldest_s(now)
        if seconds > self.oldest.seconds:
            self.oldest = Oldest(seconds, link.device_id)
        if link.severed or link.state == "silent":
            self.withheld += link.backlog
