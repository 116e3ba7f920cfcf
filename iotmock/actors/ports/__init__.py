"""How the actors look outward: Protocols and values, which wire, registry and ledger meet.

Read `wire.py` first. Nothing in here does anything; whoever connects to actors may import it.
"""
