"""Who may: host, origin and token of a request, judged before anything else.

Read `gate.py` first. Knows problems; `app.py` knows it, and the service, which makes it.
"""
