"""Secrets of a scenario that are in variables."""

import os
from collections.abc import Mapping

import msgspec

from iotmock.soak.scenario import Scenario, ScenarioError
from iotmock.soak.section import Fault


def with_secrets(
    scenario: Scenario, source: str, environment: Mapping[str, str] = os.environ
) -> Scenario:
    """Return the scenario with the broker's password in it; the stores look theirs up themselves.

    Raises:
        ScenarioError: the variable is not set.
    """
    name = scenario.broker.password_env
    if name is None:
        return scenario
    if not environment.get(name):
        raise ScenarioError(
            source, [Fault("broker.password_env", f"the variable {name} is not set")]
        )
    broker = msgspec.structs.replace(scenario.broker, password=environment[name], password_env=None)
    return msgspec.structs.replace(scenario, broker=broker)
