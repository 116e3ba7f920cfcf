"""`python -m iotmock` is `iotmock`."""

from iotmock.cli import main

main()
