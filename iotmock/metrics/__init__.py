"""What Prometheus reads: every count is taken from the actors when it is asked for."""
