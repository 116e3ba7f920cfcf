"""A client of a running service, for programs and for people.

Read `asynchronous/client.py` first, from which `synchronous/` is made; `answers/` are its values,
`commands/` has a file for each of `iotmock devices`, send, inject, clear and watch, `readings/`
what `watch` shows. Knows the service by its REST and its messages alone; the command line knows
it.
"""

from iotmock.client.asynchronous.client import AsyncClient
from iotmock.client.asynchronous.device import AsyncDevice
from iotmock.client.errors import ClientError, RefusedError, UnreachableError
from iotmock.client.synchronous.client import Client
from iotmock.client.synchronous.device import Device

__all__ = [
    "AsyncClient",
    "AsyncDevice",
    "Client",
    "ClientError",
    "Device",
    "RefusedError",
    "UnreachableError",
]
