"""Settings: from the environment to typed values, each refused with what is allowed.

Read `settings.py` first; `values.py` and `numbers.py` are how a text becomes a value.
"""
