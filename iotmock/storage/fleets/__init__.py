"""Fleets in the state file: their definitions, their holes and their counters in blocks.

Read `table.py` first: behind it `rows.py` reads one row, `relations.py` holds rows to each other.
The registry and its schema know it.
"""
