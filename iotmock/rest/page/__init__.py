"""The page, for browsers: its document at `/`, its files; and what programs get at `/`.

Read `routes.py` first. Knows `iotmock.web`, whose files it serves; the application and the page of
a soak know it.
"""
