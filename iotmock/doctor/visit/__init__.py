"""A visit to the broker: whether it lets us in, and what it can.

Read `broker.py` first, then `terms.py`. Knows mqtt and how one connects; the examination alone
knows it.
"""
