"""A verdict told: on the terminal, as JSON, and as a page.

Read `text.py` first. Knows the verdict and charts; the command knows it.
"""
