"""`iotmock doctor`: what would keep the service from its work, and what to do about it.

Read `examination.py` first: it asks the checks of `machine/` and of `visit/` for their findings.
The command line alone knows it.
"""
