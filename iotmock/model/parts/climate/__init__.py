"""What heats and cools: the schedule of a thermostat, a machine's constants, frost, hot water.

Read `machine.py` first; each file stands alone. Knows the site and numbers; families and faults
know it.
"""
