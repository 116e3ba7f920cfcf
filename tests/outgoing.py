"""Messages of every kind, as devices of the native dialect send them."""

from iotmock.actors.messages import PLAIN, RETAINED, Kind, Manner, Outgoing
from iotmock.dialects.native import topics
from iotmock.verification.stamp import Stamp

_WHERE = {
    Kind.DATA: (topics.data_topic, None),
    Kind.STATUS: (topics.status_topic, RETAINED),
    Kind.RESULT: (topics.result_topic, PLAIN),
    Kind.FAULT: (topics.faults_topic, PLAIN),
}


def outgoing(
    kind: Kind,
    device_id: str,
    payload: bytes,
    topic: str | None = None,
    correlation: bytes | None = None,
    stamp: Stamp | None = None,
) -> Outgoing:
    topic_of, manner = _WHERE[kind]
    where: Manner | None = manner
    return Outgoing(
        kind, device_id, payload, topic or topic_of(device_id), correlation, stamp, where
    )
