"""The books: every message that was sent is received once, or has a line here.

Read `accounting.py` first. Pure; the receiver and the runner know it.
"""
