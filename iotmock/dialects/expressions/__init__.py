"""Small expressions of users: read once, refused with what is allowed, run for each message.

Read `grammar.py` first; `functions.py` is all that they can call. The templates know it, and
nothing else does.
"""
