"""What the terminal shows of a run: while it goes on, and how it ended.

Read `view.py` first; where there is no terminal it is plain lines. Knows the report; the run and
the commands know it.
"""
