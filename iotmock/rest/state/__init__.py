"""How the service is as a whole: its simulation, its health, its metrics.

Read `health.py` first; each file is the routes of one matter. Knows the actors and the metrics;
`app.py` alone knows it.
"""
