"""The log: how a line looks, and how many of one kind there are in a minute.

Read `lines.py` first, then `limit.py`. Knows nothing of ours; whoever starts a process of the
service knows it.
"""
