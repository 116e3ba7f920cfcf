"""The page around charts: one file with its style and script, its colours, cards and tables.

Read `document.py` first. Knows nothing of charts; `browser/` has the style and the script, which
are written into the page. Charts and whoever writes a page know it.
"""
