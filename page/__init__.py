"""How the page of `iotmock/web` is built and checked: read `backend.py` first.

What others wrote (`package.json`) comes from npm's registry into `iotmock/web/vendor`, which is in
the wheel and never in the repository. Nothing here is shipped.
"""
