"""The faults: error conditions of meters, devices and links, with the truth on record.

Read `fault.py` first (what a fault is), then `active.py` (what is wrong with one device) and
`effects.py` (what that does to a message). `types/` has one class for each that can be injected.
Knows families and parts; the device knows it, and what asks for faults or keeps them: actors, REST,
the ledger, storage, soak.
"""
