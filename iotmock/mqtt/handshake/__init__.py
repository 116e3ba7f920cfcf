"""From an address to an answered CONNECT, and in which version of MQTT.

Read `dial.py` first. Knows transport and connection; the client and the lines know it.
"""
