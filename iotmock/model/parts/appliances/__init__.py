"""What appliances are made of: machines that people start, a fridge, and what is always on.

Read `program.py` first: what a machine does once it is started; `hours.py` is when in the day
people start it, `machine.py` what is its own, `player.py` runs them; `cabinet.py` is a fridge,
`places.py` the data. Knows site and numbers; families know it.
"""
