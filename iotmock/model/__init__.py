"""What a device is: pure state machines and values; no trio, no I/O, no clock, no global random.

Read `device.py` first, then `family.py` and one of `families/`. Knows nothing of ours but words;
everybody may know it.
"""
