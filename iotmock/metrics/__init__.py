"""What Prometheus reads: every count is taken from the actors when it is asked for.

Read `metrics.py` first (one scrape), then `families.py`. Knows the actors; REST knows it, and the
service for what it counts on the way.
"""
