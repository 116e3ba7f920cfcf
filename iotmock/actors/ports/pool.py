"""Which connection of a pool carries a device."""

from zlib import crc32


def number_in_pool(device_id: str, connections: int) -> int:
    """Return the number of the connection that carries a device, from 0; the same in every run."""
    return crc32(device_id.encode()) % connections
