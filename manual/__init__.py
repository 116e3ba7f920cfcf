"""The documentation site: `docs/`, built by MkDocs with Material's theme.

Read `__main__.py` first. Knows iotmock, to say of it what only the code knows; nobody knows it.
"""
