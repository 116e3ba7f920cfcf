"""The alarms of a platform under test, heard during a run and held against the faults of the fleet.

Read `hearing.py` first, then `judging.py`. Knows scenario and report, and how `iotmock alarms`
hears and scores; the run knows it.
"""
