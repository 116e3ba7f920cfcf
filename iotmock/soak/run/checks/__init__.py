"""What is asked of the platform behind the broker: what it has stored, and what it found.

Read `stores.py` first. Knows stores, alarms, and what the workers said; the coordinator knows it.
"""
