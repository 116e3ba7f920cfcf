"""A scenario in, a verdict out: `iotmock soak scenario.toml`."""
