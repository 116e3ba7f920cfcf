"""Secrets of a scenario that are in variables."""

import os
from collections.abc import Mapping

import msgspec

from iotmock.files.text_file import is_utf_8
from iotmock.soak.scenario.scenario import Scenario, ScenarioError
from iotmock.wording.faults import Fault


def with_secrets(
    scenario: Scenario, source: str, environment: Mapping[str, str] = os.environ
) -> Scenario:
    """Return the scenario with the broker's password in it; the stores look theirs up themselves.

    Raises:
        ScenarioError: the variable is not set, or is no text.
    """
    name = scenario.broker.password_env
    if name is None:
        return scenario
    if not environment.get(name):
        raise _refusal(source, f"the variable {name} is not set: set it to the secret")
    if not is_utf_8(environment[name]):
        raise _refusal(source, f"the variable {name} is not UTF-8")
    broker = msgspec.structs.replace(scenario.broker, password=environment[name], password_env=None)
    return msgspec.structs.replace(scenario, given_broker=broker)


def _refusal(source: str, why: str) -> ScenarioError:
    return ScenarioError(source, [Fault("broker.password_env", why)])
