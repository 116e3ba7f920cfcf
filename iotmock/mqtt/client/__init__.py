"""The client: one connection with tasks of its own, under trio and asyncio.

Read `client.py` first, then `driver.py`. Knows all rooms below; `wire` and the receiver know it.
"""
