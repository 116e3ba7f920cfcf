"""The service: all rooms put together, started from top to bottom and ended in reverse.

Read `run.py` first. The command line and a soak's workers know it; nothing else does.
"""
