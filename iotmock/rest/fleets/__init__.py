"""Fleets, for clients: made, scaled and taken down in the background.

Read `routes.py` first. Knows the actors' fleets; `app.py` alone knows it.
"""
