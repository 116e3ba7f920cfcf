"""What a run shall be: from a TOML file to values, with everything that is wrong at once.

Read `scenario.py` first, then `reading/`. Every other room of `soak` knows it; it knows none.
"""
