"""Reports of soaks that are found in a folder, for whoever looks at the page.

Read `routes.py` first. Knows what a `report.json` looks like, and not who writes it; the
application knows it.
"""
