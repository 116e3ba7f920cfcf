"""The routes of what happens: the stream, the record of the last hours, and a device's messages."""

from collections.abc import Iterator

from attrs import frozen
from msgspec import UNSET
from quart import request

from iotmock.actors.system import System
from iotmock.rest.operation import Answer, Operation
from iotmock.rest.stream.body import EventBody
from iotmock.rest.stream.history import SimulationHistory
from iotmock.rest.stream.query import LONGEST_ID, HistoryQuery, StreamQuery

EVENT_STREAM = "text/event-stream"
_UNBUFFERED = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
"""No cache and no proxy may hold events back."""


@frozen
class StreamRoutes:
    """What happens, and what has happened."""

    system: System

    def operations(self) -> Iterator[Operation]:
        """Yield the rows of the table."""
        yield Operation(
            "GET",
            "/api/v1/stream",
            self.listen,
            str,
            query=StreamQuery,
            lists=("kind", "device_id"),
            media_type=EVENT_STREAM,
        )
        yield Operation(
            "GET",
            "/api/v1/simulation/history",
            self.get_history,
            SimulationHistory,
            query=HistoryQuery,
        )

    async def listen(self, query: StreamQuery) -> Answer:
        """Listen to what happens, as server-sent events, for as long as the connection lasts.

        `summary` comes once a second; `status`, `command` and `fault` when there is one; `reading`
        where it is asked for, as it goes to the broker. `dropped` says how many events were left
        out since which id: the client is slower than they come, or was away too long. A client that
        names its last id in `Last-Event-ID` goes on from there. For example:
        `curl -N 'localhost:8090/api/v1/stream?kind=reading,fault&device_type=hvac'`
        """
        if query.device_type:
            self.system.supervisor.catalogue.get(query.device_type)  # refuses an unknown type
        self.system.hub.check_room()
        if request.method == "HEAD":
            return Answer("", headers=_UNBUFFERED)
        named = query.last_event_id
        last = request.headers.get("Last-Event-ID", "")[:LONGEST_ID] if named is UNSET else named
        body = EventBody(self.system.hub, query.wanted(), last or None)
        return Answer(body, headers=_UNBUFFERED)

    async def get_history(self, query: HistoryQuery) -> Answer:
        """Get how the fleet was: power, messages, lateness, backlog, up to now."""
        history = self.system.summaries.history
        return Answer(SimulationHistory.of(history, query.window))
