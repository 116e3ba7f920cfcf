"""What pages of the reference end with: what the code itself knows of their subject.

Read `sections.py` first. Knows iotmock by its public names, its command line and its scenarios; the
hooks of the site know it.
"""
