"""Checks of this machine: files, ports, limits, versions, and a service that runs here already.

Read `files.py` first, as an example: each check stands alone. Knows settings and storage; the
examination alone knows it.
"""
