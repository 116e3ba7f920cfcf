"""What a device is: pure state machines and values; no trio, no I/O, no clock, no global random."""
