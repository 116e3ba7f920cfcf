"""The user's own series: read from the files of REPLAY_FOLDER, or refused with the row.

Read `folder.py` first. Knows the model and files; the service and the command line know it.
"""
