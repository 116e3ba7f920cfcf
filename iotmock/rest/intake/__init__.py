"""What clients send, read and looked over: all that is wrong is said at once.

Read `bodies.py` first. Knows the request types; `handle/` and the routes know it.
"""
