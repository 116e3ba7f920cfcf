"""Traffic of any broker: recorded into a file as it comes, and sent again as it came.

Read `recorded.py` first, then `recording/recorder.py` and `playing/player.py`. Knows mqtt and how
one connects to a broker; the command line alone knows it. It has nothing to do with the device type
`replay` (`iotmock/replays/`), which plays a series of powers.
"""
