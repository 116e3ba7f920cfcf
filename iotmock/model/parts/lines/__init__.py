"""What production lines are made of: the crews' day, machines' strokes, and constants of their own.

Read `production_lines.py` first, then `plant.py`. Knows site and numbers; families know it.
"""
