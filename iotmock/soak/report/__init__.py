"""What a run was: measures, the verdict on them, and the pages and files that tell it.

Read `measures.py` first, then `verdict.py`. Knows the scenario alone; run, stores and commands know
it.
"""
