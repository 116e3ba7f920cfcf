"""From the text of a TOML file to a scenario, with everything that is wrong said at once.

Read `file.py` first, then `reader.py`. Knows the values of `soak.scenario`; the commands know it.
"""
