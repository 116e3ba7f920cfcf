"""How the actors look outward: Protocols and values, which wire, registry and ledger meet.

Read `wire.py` first. Nothing in here does anything; actors know it, and the wire and the
storage that they meet.
"""
