"""What the devices of one location share: the hour, the weather, the people, the grid.

Read `site.py` first, then `sites.py`. Knows numbers; parts and families know it.
"""
