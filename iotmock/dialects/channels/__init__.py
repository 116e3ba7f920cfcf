"""What a dialect says and hears as a list of channels: from what example devices really say.

Read `described.py` first. The dialects know it, and whatever describes them.
"""
