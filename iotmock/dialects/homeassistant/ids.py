"""Ids of devices where Home Assistant takes fewer characters: A-Z a-z 0-9 _ -, and no dot."""


def uid_of(device_id: str) -> str:
    """Return the id there; no two devices have the same, and most keep the one they have.

    `_` is written `__`, and a dot `_-`, so that it can be read back from left to right.
    """
    return device_id.replace("_", "__").replace(".", "_-")
