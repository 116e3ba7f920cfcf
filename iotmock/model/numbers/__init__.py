"""Numbers that are the same everywhere: noise by seed, exact functions, curves, plain decimals.

Each file stands alone and knows nothing of devices.
"""
