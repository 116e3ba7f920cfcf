"""A scenario in, a verdict out: `iotmock soak scenario.toml`.

Read `scenario/` first, then `run/`; the rooms know each other in one order only (`pyproject.toml`).
The command line and the demo know it.
"""
