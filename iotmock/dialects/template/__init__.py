"""The words of a file that a user writes: topics with names in them, payloads with expressions.

Read `dialect.py` first; `file.py` is how such a file looks. The service and `iotmock dialect check`
know it; it knows the native words, which some of its messages keep.
"""
