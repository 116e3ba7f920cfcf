"""What may lie between MQTT and a socket: TLS and WebSocket, bytes to bytes.

Read `layer.py` first. Knows no socket; the transport, the handshake and the lines know it.
"""
