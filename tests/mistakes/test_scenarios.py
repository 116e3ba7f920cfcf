"""What is wrong with the scenarios of soak tests."""

import tomllib

import pytest

from iotmock.model.families import built_in
from iotmock.soak.scenario.reading.file import to_scenario
from iotmock.soak.scenario.scenario import ScenarioError
from tests.mistakes.table import Mistake, mistakes, named
from tests.soak.runs import SMALL


def refusal(done: str) -> str:
    with pytest.raises(ScenarioError) as caught:
        to_scenario(SMALL | tomllib.loads(done), built_in(), "small.toml")
    return str(caught.value)


@pytest.mark.parametrize("mistake", mistakes("scenarios"), ids=named)
def test_a_mistake_is_named_by_its_key(mistake: Mistake) -> None:
    assert refusal(mistake.done) == mistake.says
