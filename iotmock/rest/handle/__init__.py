"""What is done with a request beside its handler: once for a key, and told.

Read `handling.py` first. Knows intake and the journal; `app.py` and the document know it.
"""
