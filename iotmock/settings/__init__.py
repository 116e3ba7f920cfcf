"""Settings: from the environment to typed values, each refused with what is allowed.

Read `settings.py` first, the table of all; `reading.py` fills it from the environment, `values.py`
and `numbers.py` are how a text becomes a value. Knows files alone. What starts something knows it:
the service and its wire, soak, the doctor, the demo and the command line.
"""
