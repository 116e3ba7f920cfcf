"""Playing: recorded messages go to a broker again, each when it is due.

Read `player.py` first, then `plan.py`. Knows the files of traffic and mqtt; the command line alone
knows it.
"""
