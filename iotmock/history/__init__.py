"""Series of readings without a server: simulated, written to files, drawn.

Read `series.py` first, then `formats.py`; `page/` draws. Knows the model alone; the command line
knows it, and soak for its charts.
"""
