"""The pytest plugin: devices in a test, time by hand, alarms that are waited for.

Read `plugin.py` first, which has the fixtures; `bench.py` is what most tests are given. pytest
knows it.
"""
