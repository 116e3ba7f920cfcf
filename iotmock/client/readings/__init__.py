"""What `iotmock watch` shows: readings as they come, over REST or from the broker.

Read `reading.py` first, then `polled.py` and `heard.py`, the two ways. `commands/watch.py` alone
knows it.
"""
