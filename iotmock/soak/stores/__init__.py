"""What a platform has stored, asked of its database and held beside what was sent.

Read `stores.py` first. Knows scenario and report; the run and its shards know it.
"""
