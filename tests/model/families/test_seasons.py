"""Heating and cooling keep the bands all year, not in the cooling season alone."""

import pytest

from tests.model.families.recorded import SEEDS, month
from tests.model.families.test_bands import failing
from tests.model.fleet import SEASONS

pytestmark = pytest.mark.parametrize("seed", SEEDS[1:3])


@pytest.mark.parametrize("season", SEASONS)
def test_at_most_one_row_fails_per_week_of_an_air_conditioner(season: str, seed: int) -> None:
    recorded = month("hvac", seed, SEASONS[season])
    for number, week in enumerate(recorded.weeks):
        failed = failing("hvac", week, recorded.quarters)
        assert len(failed) <= 1, f"week {number}: {failed}"
