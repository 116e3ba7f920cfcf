"""The stream: what happens to the fleet, told to whoever listens; read `hub.py` first.

Nothing in here waits for a listener, and what is kept for one is bounded.
"""
