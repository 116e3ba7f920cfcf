"""What makes a message's bytes of what a file says: trees of expressions, in four formats.

Read `tree.py` first. The template around it knows it.
"""
