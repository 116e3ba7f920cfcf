"""What describes the service: the OpenAPI document, a page for it, and the manual.

Read `openapi.py` first. Knows the rows of `operation.py` and the types; `app.py` alone knows it.
"""
