"""One connection as a value: bytes in, messages out, without a network.

Read `connection.py` first. Knows session and codec; the handshake, the client and the lines know
it.
"""
