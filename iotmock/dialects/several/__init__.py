"""The words of a service whose fleets do not all have the same.

Read `dialect.py` first. Knows the port alone; the service knows it.
"""
