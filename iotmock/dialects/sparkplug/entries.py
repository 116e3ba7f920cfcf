"""How the connection of an edge node begins, and with which session."""

import time
from collections.abc import Callable

from attrs import define

from iotmock.actors.messages import Kind, Manner, Outgoing
from iotmock.actors.ports.dialect import Entry
from iotmock.dialects.sparkplug.session import EdgeSession
from iotmock.dialects.sparkplug.topics import EdgeNode, host_topic

_WILL = Manner(qos=1)
_BD_SEQS = 256


@define(eq=False)
class Entries:
    """Makes the session for each CONNECT.

    `host` is the primary host application, and empty where nobody is waited for; `now` returns Unix
    seconds, of the simulation.
    """

    host: str = ""
    now: Callable[[], float] = time.time

    def entry(self, edge: EdgeNode, attempt: int, device_id: str = "+") -> Entry:
        """Return how a connection begins that had so many CONNECTs before in this process."""
        session = EdgeSession(edge, attempt % _BD_SEQS, self._now)
        death = Outgoing(Kind.STATUS, "", session.death, edge.topic("NDEATH"), manner=_WILL)
        return Entry(
            death,
            (edge.topic("NCMD"), edge.topic("DCMD", device_id)),
            states=(host_topic(self.host),) if self.host else (),
            last=death,
            ends_by_will=True,
            resumes=False,
            waits=bool(self.host),
            seal=session.seal,
        )

    def _now(self) -> float:
        return self.now()  # which is the simulation's once there is one
