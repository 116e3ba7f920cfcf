"""Thousands of connections without a task for each: one that reads from all, one that writes.

Read `line.py` first. Knows all rooms below; `wire` knows it.
"""
