"""`AsyncClient`, for trio and asyncio; `synchronous/` is made from this room.

Read `client.py` first: a method for each operation of the REST is in the file of its part. After a
change, `make client` writes `synchronous/` anew; a test holds both against the OpenAPI document.
Knows places and answers; programs know it.
"""
