"""The families that come with iotmock, and how others join them.

Five draw power by what people do; the others feed in, store, are charged, measure or replay. Read
`lighting.py` first, the shortest; all are made of `parts/`. What starts devices or draws them
knows it: the service, histories, a soak, the command line.
"""

from importlib.metadata import EntryPoint, entry_points

from iotmock.model.families import (
    appliance,
    battery,
    ev_charger,
    hvac,
    industrial,
    lighting,
    meter,
    replay,
    sensor,
    server,
    solar,
    water_heater,
)
from iotmock.model.family import Catalogue, DeviceType

GROUP = "iotmock.device_types"


class DeviceTypeEntryPointError(Exception):
    """What an installed distribution registered as a device type is none."""

    def __init__(self, entry_point: EntryPoint, reason: str) -> None:
        super().__init__(f"entry point {entry_point.name!r} ({entry_point.value}): {reason}")
        self.entry_point = entry_point


def built_in() -> Catalogue:
    """Return a catalogue of the families of our own."""
    catalogue = Catalogue()
    for module in (
        hvac,
        lighting,
        server,
        industrial,
        appliance,
        meter,
        solar,
        battery,
        ev_charger,
        water_heater,
        sensor,
        replay,
    ):
        catalogue.add(module.TYPE)
    return catalogue


def installed() -> Catalogue:
    """Return a catalogue of our own families and of those that other distributions registered.

    Raises:
        DeviceTypeEntryPointError: one can not be imported, is no `DeviceType`, or takes a name that
            another has.
    """
    catalogue = built_in()
    for entry_point in sorted(entry_points(group=GROUP), key=lambda found: found.name):
        device_type = _loaded(entry_point)
        if device_type.device_type in catalogue.names:
            raise DeviceTypeEntryPointError(entry_point, f"{device_type.device_type!r} is taken")
        catalogue.add(device_type)
    return catalogue


def _loaded(entry_point: EntryPoint) -> DeviceType:
    try:
        found = entry_point.load()
    except (ImportError, AttributeError) as error:
        raise DeviceTypeEntryPointError(entry_point, str(error)) from error
    if not isinstance(found, DeviceType):
        raise DeviceTypeEntryPointError(entry_point, f"is no DeviceType but {found!r}"[:200])
    return found
