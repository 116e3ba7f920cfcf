"""A user's own series beside simulated ones: how near they are, and what tells them apart.

Read `commands.py` first, then `piece.py` and `verdict/`. Knows the model, series of it and charts;
the command line knows it, and what measures the families.
"""
