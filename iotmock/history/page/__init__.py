"""A page that shows a series: what a file has of it, its charts over time, and its days.

Read `plot.py` first; `table.py` has the series. Knows series and the charts; the commands know it.
"""
