"""What a user's file has: powers over time, whoever wrote it, as pieces of local weeks or days.

Read `read.py` first. Files are read once and in batches: what is kept grows with days, not with
rows. The judge knows it.
"""
