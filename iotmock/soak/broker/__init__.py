"""The broker of a run: the one under test, or one of our own; read `ready.py` first."""
