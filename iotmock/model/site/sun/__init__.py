"""What of the sun arrives at one location, for panels and whoever else asks.

Read `sunlight.py` first. Knows the weather and numbers; a site, parts and families know it.
"""
