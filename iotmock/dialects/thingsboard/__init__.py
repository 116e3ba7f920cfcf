"""The words of a gateway of ThingsBoard's: one connection speaks for all devices it carries.

Read `dialect.py` first. The service knows it. Source: ThingsBoard's documentation, "MQTT gateway
API reference". A device of its own there is the template `thingsboard`.
"""
