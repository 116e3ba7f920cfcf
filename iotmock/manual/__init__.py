"""The documentation site, where it was built: `make docs` puts it into the folder `built`.

Read `site.py` first. Knows nothing of ours; REST knows it.
"""
