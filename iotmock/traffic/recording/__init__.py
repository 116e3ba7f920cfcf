"""Recording: what comes over topics of a broker goes into a file, with the moment it came.

Read `recorder.py` first. Knows the files of traffic and mqtt; the command line alone knows it.
"""
