"""What HTTP itself offers: conditions on a version, links between pages, compression.

Read `validators.py` first, then `conditional.py`. Knows what a device's version is; the handlers
know it.
"""
