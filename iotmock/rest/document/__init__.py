"""What describes the service: the OpenAPI document, and a page for it.

Read `openapi.py` first. Knows the rows of `operation.py` and the types; `app.py` alone knows it.
"""
