"""The client's commands, a file each.

Read `devices.py` first, with `output.py`, through which all of them talk. Knows the rest of the
client; its commands of the command line know it.
"""
