"""A run as a page: what `iotmock soak --web PORT` shows while it goes on. Read `watch.py` first.

Knows reports and how HTTP is served; the run knows it.
"""
