"""Settings as keywords, and the variables that they stand for."""

from collections.abc import Mapping
from typing import cast

from attrs import AttrsInstance, fields

from iotmock.settings.settings import Settings


def variables(settings: Mapping[str, object]) -> dict[str, str]:
    """Return settings as `.env` has them: simulation_interval=1.0 is SIMULATION_INTERVAL=1.0.

    Raises:
        TypeError: there is no such setting.
    """
    known = {one.name for one in fields(cast("type[AttrsInstance]", Settings))}
    for name in settings.keys() - known:
        raise TypeError(f"there is no setting {name}: docs/reference/configuration.md has them all")
    return {name.upper(): _text(value) for name, value in settings.items()}


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
