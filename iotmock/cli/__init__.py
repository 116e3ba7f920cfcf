"""The command line: what commands and options are called, read and refused.

Read `root.py` first, then `table.py`, which names the module of each command; a module is imported
when its command is used. `iotmock/__main__.py` alone knows it.
"""

from iotmock.cli.root import app, main

__all__ = ["app", "main"]
