"""What the service answers, as values: one file for each part of its REST.

Read `devices.py` first. Fields that a later service adds are left out; what an earlier one lacks
has a default.

The whole client knows them. Times are RFC 3339 texts; units are kW, V, A, kWh and s.
"""
