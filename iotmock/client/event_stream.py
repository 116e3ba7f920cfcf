"""Server-sent events as values (WHATWG HTML, 9.2.6)."""

import msgspec
from attrs import define, field

from iotmock.client.answers.simulation import StreamEvent


@define(eq=False)
class Frames:
    """Takes the lines of a stream, and has an event when its last line was taken."""

    _fields: dict[str, str] = field(factory=dict)

    def take(self, line: str) -> StreamEvent | None:
        """Take a line; return the event that it ends, if it ends one."""
        if line:
            name, _, value = line.partition(":")
            self._fields[name] = value.removeprefix(" ")
            return None
        fields, self._fields = self._fields, {}
        if "data" not in fields:
            return None
        data = msgspec.json.decode(fields["data"])
        return StreamEvent(fields.get("event", "message"), fields.get("id", ""), data)
