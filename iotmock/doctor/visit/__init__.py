"""A visit to the broker: whether it lets us in (broker.py), and what it can (terms.py)."""
