"""What is made of features: how near simulated pieces are to real ones, and what to set.

Read `comparison.py` first. Knows pieces, features and what simulates; reports and the command know
it.
"""
