"""`iotmock doctor`: what would keep the service from its work, and what to do about it.

Read `examination.py` first: it asks each of the other files for its findings.
"""
