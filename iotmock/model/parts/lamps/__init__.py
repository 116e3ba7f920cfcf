"""What switches lamps: people and daylight in an office, dusk over a street, a hand at home.

Read `controls.py` first; each of the others is one kind of place. Knows the site and numbers;
the family of lighting knows it.
"""
