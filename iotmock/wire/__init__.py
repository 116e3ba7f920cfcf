"""The adapter between the actors' ports and `iotmock.mqtt`: kinds become topics, and back.

Read `translation.py` first, then `shared.py` (one connection for all) and `lines.py` with `line.py`
(one for each device). The service alone knows it.
"""

from iotmock.wire.line import MqttLine
from iotmock.wire.lines import MqttLines
from iotmock.wire.make import make_lines, make_pool, make_wire
from iotmock.wire.shared import MqttConnection, MqttWire
from iotmock.wire.stamping import Stamping
from iotmock.wire.translation import topic_of

__all__ = [
    "MqttConnection",
    "MqttLine",
    "MqttLines",
    "MqttWire",
    "Stamping",
    "make_lines",
    "make_pool",
    "make_wire",
    "topic_of",
]
