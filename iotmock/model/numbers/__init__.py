"""Numbers that are the same everywhere: noise by seed, exact functions, curves, plain decimals.

Read `noise.py` first; each file stands alone. Knows nothing of devices; the whole model knows it,
and what has numbers to tell.
"""
