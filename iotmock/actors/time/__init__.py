"""Simulated time: how it runs, how it is handed out as ticks, and how punctual that was.

Read `pacer.py` first, then `cohorts.py` (who ticks when) and `handout.py` (the ticks).
Knows records and messages; devices and the assembly know it.
"""
