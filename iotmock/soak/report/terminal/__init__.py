"""What the terminal shows of a run: while it goes on, and how it ended.

Read `view.py` first. Where there is no terminal it is plain lines.
"""
