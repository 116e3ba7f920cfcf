"""Real brokers of other makers, and what the service can do with each."""
