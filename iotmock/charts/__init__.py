"""Charts on a page of one file: SVG that reads without scripts, and a script that makes it live.

Read `chart.py` first. Knows numbers alone; histories, reports of a soak and comparisons know it.
"""
