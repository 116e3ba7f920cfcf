"""Fleets as values: what is wanted of one, which devices that makes, and what a file has of them.

Read `fleet.py` first. Nothing in here runs; the room `fleets` knows it and brings it about, and
ports, devices, REST and storage know it.
"""
