"""From the settings to how one connects to the broker: whoever does, the service or a tool.

Read `options.py` first, then `identities.py`. Knows settings and mqtt; wire, the doctor, traffic,
alarms and the client's `watch` know it.
"""
