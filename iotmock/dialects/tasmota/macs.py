"""The MAC address of each device, by which Tasmota's listeners tell one from another."""

from hashlib import blake2b

from attrs import define, field

_BITS = 46
_LOCAL = 0x02 << 40
"""Given by whoever runs the network, and to one device alone (IEEE 802, 8.2)."""


@define(eq=False)
class Macs:
    """Addresses by the ids; where two ids have the same, the one that comes later has the next."""

    _owners: dict[str, str] = field(factory=dict)

    def of(self, device_id: str) -> str:
        """Return twelve hexadecimal digits, no other device's."""
        number = int.from_bytes(blake2b(device_id.encode(), digest_size=6).digest()) >> 2
        while self._owners.setdefault(mac := _written(number), device_id) != device_id:
            number = (number + 1) % (1 << _BITS)
        return mac

    def forget(self, mac: str) -> None:
        """Have an address be free again."""
        self._owners.pop(mac, None)


def _written(number: int) -> str:
    high, low = divmod(number, 1 << 40)
    return f"{(high << 42) | _LOCAL | low:012X}"
