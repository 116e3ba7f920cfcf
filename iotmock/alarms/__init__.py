"""Alarms of a platform under test: heard as they come, and held against the faults on record.

Read `fields.py` first, then `listening.py`. Knows mqtt, how one connects, the HTTP server and the
ledger; soak and the command line know it.
"""
