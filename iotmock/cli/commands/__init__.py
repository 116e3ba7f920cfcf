"""A file for each command: its options, and the call of what does it.

Read `serve.py` first, as an example: each stands alone. The table of commands knows them by their
text alone, so that nothing is imported but the command that is used.
"""
