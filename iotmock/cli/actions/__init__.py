"""What commands do that have no room of their own: serve, receive, list profiles.

Read `serving.py` first; each file stands alone. The command of the same name knows it, and imports
it when it runs.
"""
