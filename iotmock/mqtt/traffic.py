"""How much was handed to the network and came from it."""

from attrs import define


@define(eq=False)
class Traffic:
    """Bytes of MQTT, without TLS and TCP; shared by all connections of the same options."""

    written: int = 0
    read: int = 0
    skipped: int = 0
    """Messages that arrived and were not read, because they were over the maximum."""
