"""What users do with the fault ledger: take it out, and score a detector with it.

Read `export.py` first, then `score.py`. Knows storage and the faults; the command line alone knows
it.
"""
