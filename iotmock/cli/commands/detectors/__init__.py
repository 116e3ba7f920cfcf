"""The commands for whoever tests a detector: the faults on record, and alarms held against them.

Read `alarms.py` first. The table of commands knows them.
"""
