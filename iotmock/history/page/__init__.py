"""A page that shows a series: one file, with charts in SVG, and no script, font or network.

Read `plot.py` first. The reports of a soak draw with `document.py` and `svg.py` too.
"""
