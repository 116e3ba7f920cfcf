"""The commands of the client: their options; what they do is in `iotmock.client`.

Read `devices.py` first, with `options.py`, which all share. The table of commands knows them by
their text alone.
"""
