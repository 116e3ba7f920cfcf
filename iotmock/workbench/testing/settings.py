"""Settings that a file of pytest has, a line each."""

import pytest


def settings_of(lines: list[str], option: str) -> dict[str, object]:
    """Return settings by their names.

    Raises:
        pytest.UsageError: a line is none.
    """
    settings: dict[str, object] = {}
    for line in lines:
        name, equals, value = line.partition("=")
        if not equals:
            raise pytest.UsageError(f"{option}: {line!r} must be NAME=VALUE")
        settings[name.strip().lower()] = value.strip()
    return settings
