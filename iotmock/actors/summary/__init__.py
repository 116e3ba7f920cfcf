"""The fleet summed up once a second, and how that was in the last hours.

Read `summaries.py` first, then `census.py`. Nobody tells it anything: it looks, and what it looks
at is not slower for it. Knows the other actors; the system and the REST face know it.
"""
