"""What is done with a device beside letting it live: commands, faults, a look into its future.

Read `command.py` first. Each is a function of a `Device`, which knows none of them; the device
actor and REST know them.
"""
