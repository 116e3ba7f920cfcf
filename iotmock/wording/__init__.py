"""What is wrong with a value, in words for people and never Python's.

Read `words.py` first, then `faults.py`. Knows nothing of ours; every room that reads what others
wrote may know it.
"""
