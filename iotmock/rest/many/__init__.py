"""One request for many devices.

Read `routes.py` first. Knows the routers; `app.py` alone knows it.
"""
