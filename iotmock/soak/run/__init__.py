"""The run: shards, receiver and campaigns together, from the first device to the report."""
