"""Simulated time: how it runs, how it is handed out as ticks, and how punctual that was.

Read `pacer.py` first. Knows records and messages; devices and the assembly know it.
"""
