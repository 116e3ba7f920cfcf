"""The words of Home Assistant: native ones, and discovery that says what they mean.

Read `dialect.py` first, then `discovery.py`. Knows the native words; the service alone knows it.
"""
