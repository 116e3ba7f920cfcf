"""Series of readings without a server: simulated, written to files, drawn."""
