"""Which devices a list has, in which order, and how much of each.

Read `query.py` first, then `selection.py`. Knows the supervisor's roster; `app.py` alone knows it.
"""
