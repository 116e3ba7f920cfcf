"""What of a scenario the service of a shard is told."""

import pytest

from iotmock.model.families import built_in
from iotmock.settings.settings import Settings
from iotmock.soak.scenario.reading.file import to_scenario
from iotmock.soak.shard.order import ShardOrder
from iotmock.soak.shard.settings import settings_of


def told(**fleet: object) -> Settings:
    tables = {
        "fleet": {"group": [{"device_type": "hvac", "count": 1}], **fleet},
        "load": {"duration": 10, "interval": 1},
    }
    scenario = to_scenario(tables, built_in(), "a scenario")
    return settings_of(ShardOrder(scenario=scenario, number=0, of=1, run="run"))


@pytest.mark.parametrize("published", [True, False])
def test_faults_are_published_where_the_fleet_says_so(published: bool) -> None:
    assert told(fault_topic=published).fault_topic is published


def test_locations_are_in_the_fleets_country() -> None:
    settings = told(country="us", region="TX")
    assert (settings.site_country, settings.site_region) == ("US", "TX")
    assert (settings.site_timezone, settings.site_climate) == ("America/Chicago", "hot")
    assert told(country="FJ").site_timezone == told().site_timezone == "UTC"
