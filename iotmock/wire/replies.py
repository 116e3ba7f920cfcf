"""Where a client may have the result of its command sent to (contract, section 6).

We may publish where whoever sends commands may not; so a response topic is no lever to do that.
"""

from iotmock.mqtt import Properties
from iotmock.wording.topics import can_be_sent_to

_LONGEST_BYTES = 256
_MOST_LEVELS = 16
_MOST_CORRELATION = 1_024
_RESULTS = "/commands/result"


def why_no_reply(request: Properties) -> str | None:
    """Return why a request is not answered as it asks for; None if it is."""
    topic, correlation = request.response_topic, request.correlation_data
    if correlation is not None and len(correlation) > _MOST_CORRELATION:
        return f"the correlation data has more than {_MOST_CORRELATION} bytes"
    return None if topic is None else _why_not_to(topic)


def usable_correlation(request: Properties) -> bytes | None:
    """Return the correlation data, unless there is too much of it."""
    data = request.correlation_data
    return None if data is None or len(data) > _MOST_CORRELATION else data


def _why_not_to(topic: str) -> str | None:
    if not topic or not can_be_sent_to(topic):
        return "the response topic is empty, or has a wildcard, U+0000 or a control character"
    if len(topic.encode()) > _LONGEST_BYTES:
        return f"the response topic has more than {_LONGEST_BYTES} bytes"
    if topic.count("/") >= _MOST_LEVELS:
        return f"the response topic has more than {_MOST_LEVELS} levels"
    if topic.startswith("$"):
        return "the response topic begins with $"
    if topic.split("/", 1)[0] == "energy" and not topic.endswith(_RESULTS):
        return f"the response topic is below energy/ and does not end with {_RESULTS}"
    return None
