"""From DIALECT to the words of the fleet."""

from iotmock.actors.ports.dialect import Dialect
from iotmock.dialects.native.dialect import Native
from iotmock.settings.settings import Settings


def chosen_dialect(settings: Settings) -> Dialect:  # noqa: ARG001
    """Return the dialect that the settings ask for."""
    return Native()
