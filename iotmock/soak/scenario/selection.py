"""Which devices of a scenario a selector means: by what they are, and a share drawn by its seed."""

from collections.abc import Iterator

from iotmock.model.fleet import id_of, prefix_of
from iotmock.model.numbers.noise import seed_of
from iotmock.soak.scenario.scenario import Scenario
from iotmock.soak.scenario.timeline import Selector

_ALL = 2.0**64


def chosen(selector: Selector, device_id: str, device_type: str, location: str, group: str) -> bool:
    """Say whether a device is meant; the same in every shard and in every run."""
    return (
        selector.group in {None, group}
        and selector.device_type in {None, device_type}
        and selector.location in {None, location}
        and (selector.ids is None or device_id in selector.ids)
        and (selector.share >= 1.0 or seed_of(selector.seed, device_id) < selector.share * _ALL)
    )


def ids_of(scenario: Scenario, selector: Selector) -> Iterator[str]:
    """Yield the ids that a selector means, of the devices that there are at the start."""
    for group in scenario.fleet.groups:
        prefix = prefix_of(scenario.fleet.name, group.own_name)
        for number in range(1, group.count + 1):
            name = id_of(prefix, number)
            place = id_of(scenario.fleet.name, number) if group.by_site else group.location
            if chosen(selector, name, group.device_type, place, group.own_name):
                yield name
