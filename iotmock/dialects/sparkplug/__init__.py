"""Sparkplug B 3.0: each connection an edge node, each device one of its devices.

Read `dialect.py` and `voice.py` first, then `session.py`: what an edge node remembers from one
CONNECT to its end. `payload.py` and `protobuf.py` are the bytes. The service knows it, and the
soak's receiver its topics.
"""
