"""The words of Tasmota: each device a plug or a dimmer with a meter, as its firmware speaks.

Read `dialect.py` first. The service knows it. Source: arendst/Tasmota 14, support_command.ino,
xsns_53_energy.ino and xdrv_12_discovery.ino; and what hatasmota 0.9.2 makes of it.
"""
