"""Everything at once against the real service, and then the books: `make chaos`. See `run.py`."""
