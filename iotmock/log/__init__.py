"""The log: how a line looks, and how many of one kind there are in a minute.

Read `lines.py` first.
"""
