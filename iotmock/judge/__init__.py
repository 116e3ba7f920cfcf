"""A user's own series beside simulated ones: how near they are, and what tells them apart.

Read `piece.py` first, then `features/`. Knows the model, series of it and charts; the command
line knows it, and what measures the families.
"""
