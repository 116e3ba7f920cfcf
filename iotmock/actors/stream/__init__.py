"""The stream: what happens to the fleet, told to whoever listens.

Read `hub.py` first, then `audience.py` and `listener.py`; `tap.py` is why readings cost nothing
while nobody wants any. Nothing in here waits for a listener, and what is kept for one is bounded.
Knows messages and errors; devices, records, the summary and the REST face know it.
"""
