"""What is done with a request beside its handler: once for a key, and told. Read handling first."""
