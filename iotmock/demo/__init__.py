"""`iotmock demo`: a minute in which everything is real.

Read `acts.py` first: it plays the other files act by act. Knows the service and soak; the command
line alone knows it.
"""
