"""Bytes to packets and back, for MQTT 3.1.1 and 5, without a network.

Read `packets.py` first, then `encoder.py` and `decoder.py`. Knows errors alone;
whatever speaks MQTT knows it: the other rooms of mqtt, wire, the receiver, the client, the doctor.
"""
