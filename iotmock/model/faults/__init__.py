"""The faults: error conditions of meters, devices and links, with the truth on record.

Read `fault.py` first (what a fault is), then `active.py` (what is wrong with one device) and
`effects.py` (what that does to a message). `types/` has one class for each that can be injected.
The device knows them; the ledger and the file behind it know their `notes.py`.
"""
