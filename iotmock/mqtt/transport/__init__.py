"""From a name to bytes there and back: addresses, sockets, and the layers on them.

Read `address.py` first, then `connect.py`. Knows options and errors; the handshake, the client and
the lines know it.
"""
