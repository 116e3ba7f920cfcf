"""What else a meter measures, for those who ask: READING=full.

Read `full_reading.py` first, which has the fields; `full_meter.py` fills them. Knows readings and
meters; devices, dialects and REST know it.
"""
