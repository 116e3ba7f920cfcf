"""From a listening socket to requests: what a peer may do to us, and for how long.

Hypercorn speaks HTTP; who is let in, what fails, what waits and when it ends is here. Read
`server.py` first, then `connection.py`. Knows nothing of routes; the service alone knows it.
"""

from iotmock.rest.server.limits import Limits, affordable
from iotmock.rest.server.server import Server, listen

__all__ = ["Limits", "Server", "affordable", "listen"]
