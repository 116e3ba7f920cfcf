"""A broker of our own in a process of its own, for those who have none.

Read `embedded.py` first (the parent), then `broker.py` (the process). The service and soak know it.
"""
