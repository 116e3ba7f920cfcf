"""The sides of a device beside its ticks: commands, faults, its status, and what it lives among.

Read `surroundings.py` first. Functions of a model and its surroundings, so that a device of a large
fleet carries nothing for them. Knows records, time and the outbox; `device.py` knows them, and what
begins, restarts and ends devices.
"""
