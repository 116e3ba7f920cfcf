"""The independent receiver, a process of its own: hears what arrives and keeps the account.

Read `process.py` first. Shares the codec and the stamp with the fleet, and nothing else; the run
knows it, and `iotmock receive`.
"""
