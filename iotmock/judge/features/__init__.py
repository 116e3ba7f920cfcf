"""What a device-week or device-day is like, in some forty numbers that know nothing of its size.

Read `features.py` first. Knows pieces of series alone; the judge knows it.
"""
