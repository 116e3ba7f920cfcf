"""A broker of our own on this machine, for as long as a block lasts.

Read `broker.py` first. Knows mqtt; the demo and a soak's broker know it.
"""
