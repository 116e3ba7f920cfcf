"""Soak: a scenario in, a verdict out."""
