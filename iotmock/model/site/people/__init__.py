"""Who is where on which day: public holidays, customs of a location, hours, presence.

Read `days.py` first. Knows numbers and what a day is; the site knows it.
"""
