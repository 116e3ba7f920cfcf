"""How the actors look outward: Protocols and values, which wire, registry and ledger meet.

Read `wire.py` first. Nothing in here does anything, but `pool.py` says who speaks over which
connection; actors know it, and the wire, the words and the storage that they meet.
"""
