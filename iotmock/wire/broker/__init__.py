"""What a broker allows, and what is done where it allows less.

Read `terms.py` first, then `hearing.py` and `approach.py`. Knows mqtt; the other files of wire know
it.
"""
