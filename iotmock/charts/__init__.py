"""Charts on a page of one file: SVG that reads without scripts, and a script that makes it live.

Read `chart.py` first, then `document.py`. `browser/` has the style and the script, which are
written into the page; histories, reports of a soak and comparisons of two are drawn with it.
"""
