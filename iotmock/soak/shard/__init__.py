"""A shard: the part of a scenario's fleet that one process runs."""
