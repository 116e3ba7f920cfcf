"""The connections to the broker: one for all, a few, or one for each device.

Read `link.py` first, then `pool.py` and `device_links.py`. Knows the outbox and the routers; the
assembly knows it, and whoever reads its counts.
"""
