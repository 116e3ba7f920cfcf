"""What happens as it happens: server-sent events, and how the fleet was up to now.

Read `routes.py` first, then `body.py`. Knows the actors; `app.py` alone knows it.
"""
