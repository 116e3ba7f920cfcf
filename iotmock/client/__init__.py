"""A small client of a running service: `iotmock devices`, send, inject, clear, watch.

Read `service.py` first; `commands/` has a file for each command, `readings/` what `watch` shows.
Knows the service by its REST and its messages; the command line alone knows it.
"""
