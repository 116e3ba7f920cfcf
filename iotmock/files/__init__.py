"""Files that a user wrote: read as a whole, or one sentence on why not.

Read `text_file.py` first. Knows how sentences quote (`wording`) and nothing else of ours;
every room that is given a file may know it.
"""
