"""Fleets that live: each has a task that brings it to what is wanted, beside all else.

Read `fleets.py` first: behind it `definer.py` changes what is wanted, `builder.py` brings it about.
Knows the supervisor and the definitions; REST and the assembly know it.
"""
