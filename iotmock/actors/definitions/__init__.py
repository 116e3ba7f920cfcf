"""Fleets as values: what is wanted of one, which devices that makes, and what a file has of them.

Read `fleet.py` first. Nothing in here runs; the room `fleets` brings about what is written here.
"""
