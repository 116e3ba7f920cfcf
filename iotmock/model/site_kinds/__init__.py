"""Kinds of sites: what homes, offices, factories, depots and data centres have.

Read `kind.py` first. Knows no family: only their names. Fleets and REST know it.
"""

from iotmock.model.site_kinds.buildings import DATACENTRE, DEPOT, FACTORY, OFFICE
from iotmock.model.site_kinds.homes import HOME
from iotmock.model.site_kinds.kind import Kind

KINDS: dict[str, Kind] = {kind.name: kind for kind in (HOME, OFFICE, FACTORY, DEPOT, DATACENTRE)}
"""By name."""
