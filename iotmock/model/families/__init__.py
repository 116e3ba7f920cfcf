"""The five families that come with iotmock."""

from iotmock.model.families import appliance, hvac, industrial, lighting, server
from iotmock.model.family import Catalogue


def built_in() -> Catalogue:
    """Return a catalogue of the five families."""
    catalogue = Catalogue()
    for module in (hvac, lighting, server, industrial, appliance):
        catalogue.add(module.TYPE)
    return catalogue
