"""The REST face: routes, request and answer types, problems; no logic of its own.

Read `operation.py` first (a row of the table), then `devices.py` and `app.py`. Knows the actors;
the service alone knows it.
"""
