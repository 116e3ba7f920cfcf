"""What of a scenario the service of a shard is told."""

import pytest

from iotmock.model.families import built_in
from iotmock.soak.scenario.reading.file import to_scenario
from iotmock.soak.shard.order import ShardOrder
from iotmock.soak.shard.settings import settings_of


@pytest.mark.parametrize("published", [True, False])
def test_faults_are_published_where_the_fleet_says_so(published: bool) -> None:
    tables = {
        "fleet": {"fault_topic": published, "group": [{"device_type": "hvac", "count": 1}]},
        "load": {"duration": 10, "interval": 1},
    }
    scenario = to_scenario(tables, built_in(), "a scenario")
    order = ShardOrder(scenario=scenario, number=0, of=1, run="run")
    assert settings_of(order).fault_topic is published
