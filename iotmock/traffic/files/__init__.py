"""Files of traffic: Parquet and JSON lines, written batch by batch and read the same way.

Read `formats.py` first. Knows what a recorded message is; recording and playing know it.
"""
