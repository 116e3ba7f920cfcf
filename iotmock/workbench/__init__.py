"""iotmock within somebody's own program: a service for as long as a block lasts.

Read `run.py` first; `host.py` is the process that it starts. Knows the client, the service and a
broker of our own; `import iotmock` and the pytest plugin know it.
"""
