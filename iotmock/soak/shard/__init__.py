"""A shard: the part of a scenario's fleet that one process runs.

Read `run.py` first, then `fleet.py`; `order.py` is what it is told. Knows the service; the run
alone knows it.
"""
