"""Commands as Home Assistant sends them, and settings as it reads them: its templates in our JSON.

So what it says is understood as what anyone says, and needs no ear of its own.
"""

COMMANDS, SETTINGS = "@commands", "@settings"
"""Stand for a device's topics in what all devices of its type have in common."""
VALUE = "{{ value }}"
"""What was entered there."""
_SHARES = frozenset({"load", "brightness"})
"""Settings that are shares of 1, of which commands give percent."""


def order(command: str, **parameters: str) -> str:
    """Return a command; a parameter is its JSON, or the template that makes it."""
    given = ",".join(f'"{name}":{value}' for name, value in parameters.items())
    return f'{{"command":"{command}","parameters":{{{given}}}}}'


def setting(key: str) -> str:
    """Return the template for a setting; where the device has none just now, nothing is known."""
    name = f"value_json.{key}"
    if key in _SHARES:
        return f"{{{{ (100 * {name}) | round(1) if {name} is defined else 'None' }}}}"
    return f"{{{{ {name} | default('None') }}}}"
