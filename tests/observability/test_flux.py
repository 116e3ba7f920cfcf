"""The second dashboard's Flux: right by its own checker, about columns that Telegraf writes."""

import pytest

from tests.observability.dashboards import flux
from tests.observability.flux import Flux, understood
from tests.observability.telegraf import INPUTS, schema

QUERIES = list(flux())
NAMES = [name for name, _ in QUERIES]
OF_INFLUX = {"_time", "_value", "_field", "_measurement"}
WRONG = (
    'from(bucket: "energy") |> rnge(start: -1h)',
    'from(bucket: "energy") |> range(start: -1h) |> limit(m: 3)',
    'from(bucket: "energy") |> range(start: -1h',
    'import "nothing"\nfrom(bucket: "energy") |> range(start: -1h)',
)


@pytest.fixture(scope="module")
def seen() -> dict[str, Flux]:
    return dict(
        zip([*NAMES, *WRONG], understood([text for _, text in QUERIES] + [*WRONG]), strict=True)
    )


@pytest.mark.parametrize("name", NAMES)
def test_a_script_is_valid_flux(seen: dict[str, Flux], name: str) -> None:
    assert seen[name].valid, dict(QUERIES)[name]


@pytest.mark.parametrize("script", WRONG)
def test_one_that_is_not_is_found(seen: dict[str, Flux], script: str) -> None:
    assert not seen[script].valid


@pytest.mark.parametrize("name", NAMES)
def test_it_asks_for_what_telegraf_writes(seen: dict[str, Flux], name: str) -> None:
    (measurement,) = seen[name].compared("_measurement")
    assert measurement in INPUTS
    tags, fields = schema(measurement)
    pivoted = fields if seen[name].given("columnKey") == {"_field"} else set()
    assert seen[name].columns <= OF_INFLUX | tags | pivoted
    assert seen[name].compared("_field") <= fields
    assert seen[name].given("bucket") == {"energy"}


def test_the_faults_are_those_that_have_begun(seen: dict[str, Flux]) -> None:
    assert seen["Faults"].compared("_measurement") == {"faults"}
    assert {"state", "fault", "device_id", "end"} <= seen["Faults"].columns
