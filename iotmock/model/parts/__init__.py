"""What families are made of: thermostats, programmes, lamps; `lines/` and `racks/`.

Read `thermostat.py` first; each file is one part, to be read by itself. Knows site and numbers;
families and faults know it.
"""
