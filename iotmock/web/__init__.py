"""The page: ES modules and styles of our own; what others wrote comes with the build.

Read `site.py` first: it is what is served; in a browser, `main.js`. Knows the service by its REST
alone (docs/how-to/page.md); REST knows it.
"""
