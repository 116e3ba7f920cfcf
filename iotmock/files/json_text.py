"""JSON that is printed: for programs, and fit to be read by people."""

import msgspec


def json_text(content: object) -> str:
    """Return JSON with a line for each value, two spaces deeper at each level."""
    return msgspec.json.format(msgspec.json.encode(content)).decode()
