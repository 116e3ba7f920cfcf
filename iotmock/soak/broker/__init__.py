"""The broker of a run: the one under test, or one of our own.

Read `ready.py` first, then `probe.py`. Knows the scenario and mqtt; the commands, the run and the
demo know it.
"""
