"""The stages of a start, each a block: what is begun at its head is ended in order at its foot.

Read `tasks.py` first, then `beginning.py`; the others stand alone. Knows the actors, their files
and REST; `run.py` enters the stages one inside the other, and nothing else knows them.
"""
