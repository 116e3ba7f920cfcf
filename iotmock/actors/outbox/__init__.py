"""What waits to be sent: joined into few writes, bounded, and counted to the last message.

Read `publisher.py` first; `carrier.py` is what devices and routers know of it. Knows messages
alone; time, devices, routers and links know it.
"""
