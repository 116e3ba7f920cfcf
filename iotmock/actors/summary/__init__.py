"""The fleet summed up once a second, and how that was in the last hours; read `summaries.py` first.

Nobody tells it anything: it looks, and what it looks at is not slower for it.
"""
