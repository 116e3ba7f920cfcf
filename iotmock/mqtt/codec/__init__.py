"""Bytes to packets and back, for MQTT 3.1.1 and 5, without a network.

Read `packets.py` first, then `encoder.py` and `decoder.py`. Knows errors alone; every
room of `mqtt` knows it, and so does the receiver.
"""
