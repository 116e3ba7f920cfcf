"""What a sender and an independent receiver share: the stamp of a message, and its latency.

Read `stamp.py` first, then `docs/explanation/verification.md`. Knows nothing of ours; every room
that sends, receives or counts messages may know it.
"""
