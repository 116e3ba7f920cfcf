"""A page that shows a series: one file, with charts in SVG, and no script, font or network.

Read `plot.py` first. Knows series and numbers; the commands know it, and the reports of a soak draw
with `document.py` and `svg.py` too.
"""
