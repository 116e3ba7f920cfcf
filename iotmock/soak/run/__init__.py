"""The run: shards, receiver and campaigns together, from the first device to the report.

Read `coordinator.py` first, then `observer.py` and `outcome.py`. Knows every other room of soak;
the commands and the demo know it.
"""
