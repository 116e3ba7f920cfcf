"""What families are made of: thermostats and zones; rooms for what has several parts.

Read `thermostat.py` first; each file is one part, to be read by itself. Knows site and numbers;
families and faults know it.
"""
