"""Where the shards run: as processes of this machine, or on a Ray cluster.

Read `shards.py` first, then `workers.py`. The run knows it; it knows the shards by their text.
"""
