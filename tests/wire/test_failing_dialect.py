"""A dialect of another distribution that fails over what it hears."""

from collections.abc import Sequence

from structlog.testing import capture_logs

from iotmock.actors.messages import Incoming
from iotmock.actors.ports.dialect import Heard
from iotmock.dialects.native.dialect import Native
from iotmock.mqtt import Message
from iotmock.wire.translation import to_incoming


class _Failing(Native):
    def hear(self, heard: Heard, device_id: str | None = None) -> Sequence[Incoming]:
        raise KeyError(heard.topic)


def test_what_a_dialect_fails_over_is_logged_and_ignored() -> None:
    with capture_logs() as logs:
        assert to_incoming(Message("a/b", b"x"), _Failing()) == ()
    (line,) = logs
    assert (line["log_level"], line["dialect"], line["topic"]) == ("error", "native", "a/b")
