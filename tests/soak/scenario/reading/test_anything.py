"""Whatever a file holds is a scenario or a clear refusal."""

import tomllib
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from iotmock.model.families import built_in
from iotmock.soak.commands import full_example
from iotmock.soak.scenario.reading.file import to_scenario
from iotmock.soak.scenario.scenario import ScenarioError

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=5), inner, max_size=2)
    ),
    max_leaves=4,
)


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    items = value.items() if isinstance(value, dict) else enumerate(value)
    for key, inner in items:
        yield (*path, key)
        if isinstance(inner, dict | list):
            yield from places(inner, (*path, key))


WHOLE = tomllib.loads(full_example())


@given(st.sampled_from(list(places(WHOLE))), ANYTHING)
def test_any_value_anywhere_is_a_scenario_or_a_clear_refusal(
    place: tuple[Any, ...], value: Any
) -> None:
    table = deepcopy(WHOLE)
    *path, last = place
    inner: Any = table
    for key in path:
        inner = inner[key]
    inner[last] = value
    assert all("\n" not in fault for fault in refusals(table))


def refusals(table: dict[str, Any]) -> list[str]:
    try:
        to_scenario(table, built_in(), "any")
    except ScenarioError as error:
        return [str(fault) for fault in error.faults]
    return []
