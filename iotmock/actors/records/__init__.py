"""What is kept: settings and counters of devices in the registry file, faults in the ledger.

Read `registry_writer.py` first, then `pending.py`, which it writes. Knows
definitions and ports; whoever changes something knows it.
"""
