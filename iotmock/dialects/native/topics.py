"""The topics of the contract."""

COMMANDS_FILTER = "energy/devices/+/commands"
GROUPS_FILTER = "energy/groups/+/commands"
PLATFORM_EVENTS_FILTER = "energy/events/devices/+/+"


def data_topic(device_id: str) -> str:
    """Return where a device's readings go."""
    return f"energy/devices/{device_id}/data"


def status_topic(device_id: str) -> str:
    """Return where a device's status is retained."""
    return f"energy/devices/{device_id}/status"


def commands_topic(device_id: str) -> str:
    """Return where a device's commands come in."""
    return f"energy/devices/{device_id}/commands"


def group_commands_topic(location: str) -> str:
    """Return where commands for all devices of a location come in."""
    return f"energy/groups/{location}/commands"


def result_topic(device_id: str) -> str:
    """Return where the outcomes of a device's commands go."""
    return f"energy/devices/{device_id}/commands/result"


def settings_topic(device_id: str) -> str:
    """Return where it is retained what commands have set of a device."""
    return f"energy/devices/{device_id}/settings"


def faults_topic(device_id: str) -> str:
    """Return where the begins and ends of a device's faults go."""
    return f"energy/devices/{device_id}/faults"


def mock_status_topic(client_id: str) -> str:
    """Return where a connection of the mock says whether it lives."""
    return f"energy/mock/{client_id}/status"
