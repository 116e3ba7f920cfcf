"""How the readings of a fleet are told, in the dialect that it speaks."""

from collections.abc import Iterator

from iotmock.actors.ports.told import TellsReadings, Told
from iotmock.dialects.template.errors import TemplateError
from iotmock.service.ground.words import BUILT_IN, NATIVE, unchecked_dialect
from iotmock.settings.errors import SettingsError
from iotmock.settings.reading import read_settings
from iotmock.soak.run.error import SoakError
from iotmock.soak.scenario.scenario import Scenario
from iotmock.wording.quoted import quoted


def told_in(dialect: str) -> Told:
    """Return how readings are told.

    Raises:
        SoakError: there is no such dialect, or it does not say how it tells of readings.
    """
    try:
        found = unchecked_dialect(dialect)
    except (TemplateError, SettingsError) as error:
        raise SoakError(f"dialect {quoted(dialect)} is not allowed: {error}") from error
    if not isinstance(found, TellsReadings):
        raise SoakError(
            f"dialect {quoted(dialect)}: nothing can be accounted for, as it does not say how it "
            "tells of readings: give it a property told (iotmock/actors/ports/told.py)"
        )
    return found.told


def told_by_fleet(scenario: Scenario) -> Told:
    """Return how the fleet of a scenario tells of its readings.

    Raises:
        SoakError: it can not be accounted for, or not by all that the scenario asks for.
    """
    told = told_in(scenario.fleet.dialect)
    if scenario.campaigns and told != NATIVE.told:
        raise SoakError("campaign: commands are given in native words; leave out fleet.dialect")
    if told.messages > 1 and (scenario.verify.influx or scenario.verify.sql):
        raise SoakError(
            f"fleet.dialect {scenario.fleet.dialect} tells of a reading in {told.messages} "
            "messages, and [verify.influx] and [verify.sql] count one: leave them out"
        )
    return told


def left_behind(dialect: str, device_id: str) -> Iterator[str]:
    """Yield the topics that a device has left behind that nobody has deleted."""
    make = BUILT_IN.get(dialect, BUILT_IN[NATIVE.name])
    for message in make(read_settings({}, None)).gone(device_id, None):
        yield message.topic
