"""The commands of traffic: their options; what they do is in `iotmock.traffic`.

Read `record.py` first. The table of commands knows them.
"""
