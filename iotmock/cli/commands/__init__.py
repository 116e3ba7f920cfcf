"""A file for each command: its options, and the call of what does it.

Each stands alone; read `serve.py` as an example. The table of commands names them by their text,
so that nothing imports them but the command that is used.
"""
