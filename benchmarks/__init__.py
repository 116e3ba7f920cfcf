"""How fast the service is, measured from outside: `python -m benchmarks`, or `make bench`."""
