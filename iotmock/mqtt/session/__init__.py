"""What a client and a broker remember of each other, and what a broker takes.

Read `session.py` first. It outlives a connection. Knows the codec; all rooms above know it.
"""
