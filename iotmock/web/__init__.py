"""The page: ES modules and styles of our own; what others wrote comes with the build (`vendor/`).

In Python, read `site.py` first: it is what the service serves. In the browser, read `main.js`.
Knows nothing of the service but its REST; `docs/page.md` says how it is built and checked.
"""
