"""The service: all rooms put together, started from top to bottom and ended in reverse.

Read `run.py` first: it makes the parts (`assembly.py`) on their ground (`ground/`) and starts them
stage by stage (`stages/`). The command line, the demo and a soak's shards know it; nothing else
does.
"""
