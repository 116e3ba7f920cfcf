"""Where sites may stand: countries, and what is usual there.

Read `place.py` first. Knows the calendars of `people`; the weather of a site knows it.
"""
