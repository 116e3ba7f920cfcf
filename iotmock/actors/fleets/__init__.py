"""Fleets that live: each has a task that brings it to what is wanted, beside all else.

Read `fleets.py` first. Knows the supervisor and the definitions; REST and the assembly know it.
"""
