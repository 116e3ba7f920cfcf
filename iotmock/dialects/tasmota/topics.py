"""Where a plug speaks and listens: Tasmota's usual full topic, `%prefix%/%topic%/`."""

COMMANDS_FILTER = "cmnd/+/+"
ONLINE, OFFLINE = b"Online", b"Offline"


def tele(device_id: str, name: str) -> str:
    """Return where a plug says something by itself."""
    return f"tele/{device_id}/{name}"


def stat(device_id: str, name: str) -> str:
    """Return where a plug answers."""
    return f"stat/{device_id}/{name}"


def commands_of(device_id: str) -> str:
    """Return what a plug with a connection of its own subscribes to."""
    return f"cmnd/{device_id}/+"


def discovery(mac: str, name: str) -> str:
    """Return where a plug describes itself."""
    return f"tasmota/discovery/{mac}/{name}"
