"""`Client`, made from `asynchronous/`: its opening says how.

Read `client.py` first. The command line and programs know it.
"""
