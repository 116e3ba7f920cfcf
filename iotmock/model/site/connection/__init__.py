"""How a location is connected: its mains, which all that passes its connection passes.

Read `mains.py` first. Knows numbers; sites and meters know it.
"""
